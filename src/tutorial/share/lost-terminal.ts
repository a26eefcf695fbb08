import { isatty } from 'node:tty';

/**
 * If this process has lost its terminal when it exits, ends it by SIGHUP, after what else is to be done at the exit.
 * Node would try to restore the modes of the terminal, fail, and abort, which may leave a core file.
 */
export function exitWithoutTerminal({ isTTY, fd }: { readonly isTTY?: boolean; readonly fd?: number }): void {
  if (isTTY !== true || fd === undefined) return;
  process.once('exit', () => {
    if (isatty(fd)) return;
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  });
}
