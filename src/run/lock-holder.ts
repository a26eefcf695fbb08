import { readdirSync, statSync } from 'node:fs';
import { quotedIfHostile } from '../cluster/problems.js';
import { isCode } from './error-code.js';
import { readProcFile } from './process-table.js';

/** Who took a lock. */
interface LockRecord {
  readonly pid: number;
  /** When the process was started, in clock ticks since boot: another process may have its number by now. */
  readonly started: string;
  readonly since: string;
}

/** Returns what this process writes into a lock that it takes. */
export const holderLine = (now: Date = new Date()): string =>
  `${process.pid} ${startOf(process.pid)} ${now.toISOString()}`;

/** Parses the text of a lock file. Returns undefined for any other text, such as none. */
function parseHolder(text: string): LockRecord | undefined {
  const [, pid, started = '', since = ''] =
    /^(\d{1,10}) (\d{1,20}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\n?$/.exec(text) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), started, since };
}

/** Returns field 22 of /proc/PID/stat, `starttime` in proc(5). Empty if there is no such process. */
function startOf(pid: number): string {
  const stat = readProcFile(`${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

const longestCommand = 80;

/** Returns a process as errors name it: `process 12 (kproxy sync --watch)`. */
function processText(pid: number): string {
  const words = readProcFile(`${pid}/cmdline`).split('\0').filter(Boolean).join(' ');
  const short = words.length > longestCommand ? `${words.slice(0, longestCommand)}…` : words;
  return short === '' ? `process ${pid}` : `process ${pid} (${quotedIfHostile(short)})`;
}

/**
 * Returns a line about who holds a lock: the process that took it or, if that has ended, the tools that it has started
 * and that still run, which have the file open.
 * @param text what the file holds
 * @param own processes that only wait for the lock
 */
export function holderText(path: string, text: string, own: readonly number[] = []): string {
  const record = parseHolder(text);
  if (record !== undefined && startOf(record.pid) === record.started)
    return `${processText(record.pid)} holds it since ${record.since}`;
  const others = processesWith(path).filter(pid => !own.includes(pid));
  if (others.length > 0) return `held by ${others.map(processText).join(', ')}`;
  if (record === undefined) return 'its holder cannot be read';
  return `process ${record.pid}, which took it at ${record.since}, has ended, but not all of its tools`;
}

/** Returns the processes that have a file open, of those that this user may look into. */
function processesWith(path: string): readonly number[] {
  const target = identity(path);
  if (target === undefined) return [];
  return entriesOf('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => entriesOf(`/proc/${pid}/fd`).some(fd => identity(`/proc/${pid}/fd/${fd}`) === target))
    .map(Number);
}

function identity(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'EACCES') || isCode(error, 'ESRCH')) return [];
    throw error;
  }
}
