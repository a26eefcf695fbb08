import { spawn } from 'node:child_process';

/**
 * Waits for the end of its input. If that comes without a second line, this process was killed: then it kills the process group of the first line
 * and removes the folder.
 */
const script = 'read -r group; read -r finished && exit 0; kill -KILL -"$group"; rm -rf -- "$1"';

export interface Watchman {
  /** Names the process group that must not outlive this process. */
  watch(processGroup: number): void;
  /** All is in order: the watchman leaves without doing anything. */
  dismiss(): Promise<void>;
}

/** Starts a process that clears up after this one even if this one is killed. */
export function startWatchman(folder: string): Watchman {
  const child = spawn('/bin/sh', ['-c', script, 'kproxy-watchman', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  });
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()));
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  return {
    watch: processGroup => void child.stdin.write(`${processGroup}\n`),
    async dismiss() {
      child.stdin.end('finished\n');
      await ended;
    },
  };
}
