import type { Sandbox } from '../../../src/sandbox/sandbox.js';

/** Returns the ids of the guest's processes whose command line contains the text. */
export async function processesWith(sandbox: Sandbox, text: string): Promise<readonly string[]> {
  const { stdout, stderr, exitCode } = await sandbox.run(['pgrep', '-f', '--', text]);
  // 1 means that there are none. Without pgrep the exit code is another one.
  if (exitCode > 1 || stderr !== '') throw new Error(`pgrep ends with exit code ${exitCode}: ${stderr}`);
  return stdout.split('\n').filter(line => line !== '');
}

/** Sends a signal to these processes, and not to their children. */
export async function signal(sandbox: Sandbox, name: 'TERM' | 'KILL', ids: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await sandbox.run(['kill', '-s', name, ...ids]);
  if (exitCode !== 0) throw new Error(stderr);
}

/** Reads until the condition holds, by default for up to a minute. Returns the last value, which the caller asserts. */
export async function eventually<Value>(
  read: () => Promise<Value>,
  condition: (value: Value) => boolean,
  limitMilliseconds = 60_000,
): Promise<Value> {
  const end = performance.now() + limitMilliseconds;
  for (;;) {
    const value = await read();
    if (condition(value) || performance.now() > end) return value;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}
