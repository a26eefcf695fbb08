import { spawn } from 'node:child_process';
import { toolEnvironment } from '../run/environment.js';
import { withinLimit } from './time-limit.js';

/**
 * Reads a process group from the first line of its input and waits for a second line. If the input ends without one,
 * the parent was killed. The script then kills the process group and removes the folder. A guest whose group it was not
 * told ends by itself, but may still write into the folder.
 */
const script =
  'read -r group; read -r finished && exit 0; kill -KILL -"$group"; [ -n "$group" ] || sleep 3; rm -rf -- "$1"';

export interface Watchdog {
  /** Sets the process group that must not outlive this process. */
  watch(processGroup: number): void;
  /** Ends the watchdog without any clean-up. */
  dismiss(): Promise<void>;
}

const endMilliseconds = 5_000;

/** Starts a process that cleans up after this process even if this process is killed. */
export function startWatchdog(folder: string): Watchdog {
  const child = spawn('/bin/sh', ['-c', script, 'kproxy-watchdog', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    env: toolEnvironment(),
  });
  const end = new Promise<void>(resolve => child.once('close', () => resolve()));
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  return {
    watch: processGroup => void child.stdin.write(`${processGroup}\n`),
    async dismiss() {
      child.stdin.end('finished\n');
      await withinLimit(end, endMilliseconds, () => void child.kill('SIGKILL'));
    },
  };
}
