import type { Sandbox } from '../../../src/sandbox/sandbox.js';

/** The ids of the guest's processes whose command line has this text. */
export async function processesWith(sandbox: Sandbox, text: string): Promise<readonly string[]> {
  const { stdout } = await sandbox.run(['pgrep', '-f', '--', text]);
  return stdout.split('\n').filter(line => line !== '');
}

/** Sends a signal to each of these processes alone, not to their children. */
export async function signal(sandbox: Sandbox, name: 'TERM' | 'KILL', ids: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await sandbox.run(['kill', '-s', name, ...ids]);
  if (exitCode !== 0) throw new Error(stderr);
}

/** Looks until it is so, for a minute at most, and gives what it saw last. */
export async function eventually<Seen>(look: () => Promise<Seen>, isSo: (seen: Seen) => boolean): Promise<Seen> {
  const giveUp = performance.now() + 60_000;
  for (;;) {
    const seen = await look();
    if (isSo(seen) || performance.now() > giveUp) return seen;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}
