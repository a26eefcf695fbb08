import type { NodeAccess } from '../../node/access.js';
import { otherProxies } from '../../node/other-proxies.js';
import { lockNode } from '../../run/lock.js';
import type { RunOptions } from '../../run/run-options.js';
import type { Io } from './io.js';

export interface LockSetting extends RunOptions {
  /** How long to wait for another kproxy, in seconds. Undefined waits without limit. */
  readonly timeoutSeconds: number | undefined;
}

/**
 * Runs work while no other kproxy changes this node. The tools hold the lock too, so a tool that outlives kproxy is
 * waited for. Warns about other software that programs IPVS here.
 */
export async function whileLocked<Result>(
  setting: LockSetting,
  io: Pick<Io, 'stderr'>,
  work: (node: NodeAccess) => Promise<Result>,
): Promise<Result> {
  const { node, release } = await lockNode({
    ...setting,
    onWait: () => io.stderr('another kproxy works on this node; waiting for it to end\n'),
  });
  try {
    for (const line of otherProxies()) io.stderr(`${line}\n`);
    return await work(node);
  } finally {
    await release();
  }
}
