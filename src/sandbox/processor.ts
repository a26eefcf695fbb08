import { readdirSync, readFileSync } from 'node:fs';

let taken = process.pid;

/**
 * A processor to pin the next guest to: of those this process may use, one that the fewest are pinned to, in turn. The guest's threads of control
 * hand over to each other all the time; on one processor that is twice as fast, as long as no other guest is pinned there too.
 */
export function nextProcessor(): number {
  const allowed = allowedProcessors(statusOf('self'));
  const pinned = readdirSync('/proc').filter(isProcess).flatMap(pinnedTo);
  const guests = (processor: number): number => pinned.filter(one => one === processor).length;
  const fewest = Math.min(...allowed.map(guests));
  const free = allowed.filter(processor => guests(processor) === fewest);
  taken += 1;
  return free[taken % free.length] ?? 0;
}

const isProcess = (name: string): boolean => /^\d+$/.test(name);

/** The kernel's own threads, which have no memory, are pinned everywhere and count for nothing. */
function pinnedTo(process: string): readonly number[] {
  const status = statusOf(process);
  const processors = status.includes('\nVmRSS:') ? allowedProcessors(status) : [];
  return processors.length === 1 ? processors : [];
}

/** Empty where the process has ended meanwhile. */
function statusOf(process: string): string {
  try {
    return readFileSync(`/proc/${process}/status`, 'utf8');
  } catch {
    return '';
  }
}

/** Reads the processors out of /proc/PID/status (`Cpus_allowed_list: 0-1,4`). */
export function allowedProcessors(status: string): readonly number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '0';
  return list.split(',').flatMap(range => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
