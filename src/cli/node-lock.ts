import { type Command, InvalidArgumentError, Option } from 'commander';
import type { NodeAccess } from '../node/access.js';
import { type AccessFlags, runOptions } from './access-flags.js';
import { processIo } from './io.js';

/** Flags of the commands that change a node. */
export interface LockFlags extends AccessFlags {
  readonly lockTimeout?: number;
}

export const lockTimeoutOption = (): Option =>
  new Option(
    '--lock-timeout <seconds>',
    'give up where another kproxy works on this node for longer (default: wait)',
  ).argParser(seconds);

function seconds(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || number < 0)
    throw new InvalidArgumentError('a number of seconds is needed.');
  return number;
}

/** Does the work while no other kproxy does any on this node. The tools hold the lock too, so that one that outlives kproxy is waited for. */
export async function whileLocked<Result>(
  flags: LockFlags,
  work: (node: NodeAccess) => Promise<Result>,
): Promise<Result> {
  const [{ lockNode }, { otherProxies }] = await Promise.all([
    import('../run/lock.js'),
    import('../node/other-proxies.js'),
  ]);
  const { node, release } = await lockNode({
    ...runOptions(flags),
    timeoutSeconds: flags.lockTimeout,
    onWait: () => processIo.stderr('another kproxy works on this node; waiting for it to end\n'),
  });
  try {
    for (const line of otherProxies()) processIo.stderr(`${line}\n`);
    return await work(node);
  } finally {
    await release();
  }
}

export const withLockFlag = (command: Command): Command => command.addOption(lockTimeoutOption());
