import type { Datapath } from '../../../node/datapath/datapath.js';
import type { Sysctl } from '../../../node/element.js';

type Sysctls = Datapath['sysctls'];

const forwardingOfDevice = /^net\/ipv4\/conf\/[^/]+\/forwarding$/;

/**
 * Returns the kernel's parameters after one was written. Changing ip_forward writes the parameter of every device too
 * (the kernel's Documentation/networking/ip-sysctl.rst). Writing the value that it has changes nothing.
 */
export function withSysctl(sysctls: Sysctls, { name, value }: Pick<Sysctl, 'name' | 'value'>): Sysctls {
  if (sysctls[name] === value) return sysctls;
  const devices =
    name === 'net/ipv4/ip_forward' ? Object.keys(sysctls).filter(one => forwardingOfDevice.test(one)) : [];
  return { ...sysctls, ...Object.fromEntries(devices.map(device => [device, value])), [name]: value };
}
