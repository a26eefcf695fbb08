/**
 * Returns a path below /proc/sys as sysctl(8) writes and takes it: dots for slashes, and slashes for the dots of a
 * device, as in `net.ipv4.conf.eth0/100.forwarding`.
 */
export const sysctlName = (path: string): string => swapped(path);

/** Returns the path below /proc/sys of a parameter that sysctl(8) writes so. */
export const sysctlPath = (name: string): string => swapped(name);

const swapped = (name: string): string => name.replace(/[./]/g, sign => (sign === '/' ? '.' : '/'));
