import { execFile } from 'node:child_process';
import { messageOf } from '../errors.js';
import { toolEnvironment } from '../run/environment.js';
import { limitAdvice } from '../run/machine-limit.js';
import { toolFolders } from '../run/tool-path.js';

/** Sends assignments such as `READY=1` to the service manager. Resolves to a line about a failure, or to undefined. */
export type SendNotification = (assignments: readonly string[]) => Promise<string | undefined>;

/** systemd-notify itself waits up to 5 s until the service manager has read the message. In milliseconds. */
const limit = 6_000;

/**
 * Returns a sender that runs systemd-notify, because Node has no datagram sockets of the Unix family. Every machine
 * whose service manager is systemd has the program. As root it sends in the name of the process that started it, which
 * `NotifyAccess=main` accepts; for another user the unit needs `NotifyAccess=all`.
 * @param socket the value of NOTIFY_SOCKET
 */
export const createSystemdNotify =
  (socket: string): SendNotification =>
  assignments =>
    new Promise<string | undefined>(resolve => {
      const options = {
        env: { ...toolEnvironment(), NOTIFY_SOCKET: socket },
        timeout: limit,
        killSignal: 'SIGKILL',
      } as const;
      execFile('systemd-notify', ['--', ...assignments], options, (error, _, stderr) =>
        resolve(error === null ? undefined : troubleLine(error, stderr)),
      );
      // Without memory for another process Node throws.
    }).catch(error => troubleLine(error, ''));

function troubleLine(error: Error & { code?: unknown; killed?: unknown }, stderr: string): string {
  // systemd-notify sends the message first, and then waits until it was read. Only systemd itself can confirm that.
  if (/barrier/i.test(stderr))
    return `the service manager does not confirm messages, so each takes 5 s: systemd-notify failed: ${stderr.trim()}`;
  const what = 'the service manager cannot be notified';
  if (error.code === 'ENOENT')
    return (
      `${what}: systemd-notify is not installed (not found in ${toolFolders().join(', ')}). Install it, or set ` +
      'Type=exec in the unit'
    );
  const advice = limitAdvice(error);
  if (advice !== undefined) return `${what}: systemd-notify cannot be started (${messageOf(error)}). ${advice}`;
  const end = error.killed ? `does not end within ${limit / 1_000} s` : `failed: ${stderr.trim() || messageOf(error)}`;
  return `${what}: systemd-notify ${end}. Check NotifyAccess= of the unit, or set Type=exec in it`;
}
