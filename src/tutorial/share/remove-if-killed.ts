import { spawn } from 'node:child_process';
import { toolEnvironment } from '../../run/environment.js';
import { socketPath } from './share-folder.js';

/** A line on the standard input says that the socket was removed. Its end alone says that the lesson was killed. */
const script = 'read -r line || { rm -f "$0"; rmdir "$1"; }';

/**
 * Starts a small process that removes the socket and its folder if this one ends without having done so: because it was
 * killed, or because its terminal is gone. Returns what ends it.
 */
export function removeIfKilled(folder: string): () => void {
  // A session of its own: it must outlive the loss of the terminal.
  const child = spawn('sh', ['-c', script, socketPath(folder), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    env: toolEnvironment(),
  });
  // Without it, a killed lesson leaves its socket, which the next one replaces.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.unref();
  return () => void child.stdin.end('removed\n');
}
