import { readdirSync, readFileSync } from 'node:fs';

/** Starts at the process id, so that processes that start together choose differently. */
let turn = process.pid;

/**
 * Returns a processor to pin the next guest to: one of those that the fewest guests and other processes are pinned to,
 * in turn. The guest's threads constantly hand over to each other. That is twice as fast on one processor, unless
 * another guest is pinned to it too.
 */
export function nextProcessor(): number {
  const allowed = allowedProcessors(procFile('self', 'status'));
  const pinned = readdirSync('/proc').filter(isProcess).flatMap(pinnedTo);
  const guests = (processor: number): number =>
    new Set(pinned.flatMap(other => (other.processor === processor ? [other.owner] : []))).size;
  const fewest = Math.min(...allowed.map(guests));
  const free = allowed.filter(processor => guests(processor) === fewest);
  turn += 1;
  return free[turn % free.length] ?? 0;
}

const isProcess = (name: string): boolean => /^\d+$/.test(name);

/** A processor that a process is pinned to, and the guest that it belongs to, or the process itself. */
interface Pinned {
  readonly processor: number;
  readonly owner: string;
}

/**
 * Returns the one processor that a process is pinned to, or none. Kernel threads, which have no memory, do not count.
 */
function pinnedTo(process: string): readonly Pinned[] {
  const status = procFile(process, 'status');
  const [processor, ...others] = status.includes('\nVmRSS:') ? allowedProcessors(status) : [];
  if (processor === undefined || others.length > 0) return [];
  // The host has a process for each of a guest's, with the command line of the guest.
  const guest = /\0uml_dir=([^\0]+)/.exec(procFile(process, 'cmdline'))?.[1];
  return [{ processor, owner: guest ?? process }];
}

/** Returns a file of /proc/PID, or an empty text if the process has ended. */
function procFile(process: string, name: 'cmdline' | 'status'): string {
  try {
    return readFileSync(`/proc/${process}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** Parses the processors in /proc/PID/status (`Cpus_allowed_list: 0-1,4`). */
export function allowedProcessors(status: string): readonly number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '0';
  return list.split(',').flatMap(range => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
