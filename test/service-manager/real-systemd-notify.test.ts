import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSystemdNotify } from '../../src/service-manager/systemd-notify.js';

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(':').some(folder => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Perl: stands in for the service manager. Prints each datagram on one line. */
const receiver = String.raw`
use Socket;
my ($path) = @ARGV;
$path =~ s/^@/\0/;
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die "socket: $!";
bind($socket, pack('S', AF_UNIX) . $path) or die "bind: $!";
$| = 1;
print "bound\n";
while (defined recv $socket, my $text, 4096, 0) { print join(' ', split /\n/, $text), "\n" }`;

describe.skipIf(!isInstalled('systemd-notify'))('systemd-notify', () => {
  let folder: string;
  let manager: ChildProcess;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
  });
  afterEach(() => {
    manager.kill();
    rmSync(folder, { recursive: true });
  });

  async function listen(socket: string): Promise<AsyncIterator<string>> {
    manager = spawn('perl', ['-e', receiver, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (manager.stdout === null) throw new Error('no pipe');
    const iterator = createInterface(manager.stdout)[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toBe('bound');
    return iterator;
  }

  test.each([['in a folder'], ['without a file']])('reaches a socket %s', async where => {
    const socket = where === 'in a folder' ? join(folder, 'notify') : `@${folder}`;
    const received = await listen(socket);
    expect(await createSystemdNotify(socket)(['READY=1', 'STATUS=synced: 2 Services'])).toBeUndefined();
    expect((await received.next()).value).toBe('READY=1 STATUS=synced: 2 Services');
  });

  test('fails if nothing listens', async () => {
    const received = await listen(`@${folder}`);
    manager.kill();
    await once(manager, 'exit');
    expect(await createSystemdNotify(`@${folder}`)(['READY=1'])).toMatch(
      /^the service manager cannot be notified: systemd-notify failed: .*refused/,
    );
    expect((await received.next()).done).toBe(true);
  });
});
