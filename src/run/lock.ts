import { closeSync } from 'node:fs';
import { KproxyError, messageOf } from '../errors.js';
import type { NodeAccess } from '../node/access.js';
import { conflict, type FlockResult, flockArguments, waitForFlock } from './flock.js';
import { type LockedNode, type LockOptions, notLocked } from './lock-errors.js';
import { type LockPaths, lockPaths, openFormerLockFile, openLockFile, writeHolder } from './lock-file.js';
import { holderLine } from './lock-holder.js';
import { lockThroughSudo } from './lock-through-sudo.js';
import { machineLimit } from './machine-limit.js';
import { createThisNode } from './this-node.js';

/**
 * Waits until no other kproxy works on this node.
 * @throws KproxyError `lock-held` after the timeout, or `lock-unavailable`
 */
export async function lockNode(options: LockOptions): Promise<LockedNode> {
  const paths = lockPaths();
  return options.sudo ? lockThroughSudo(paths.file, options) : lockFile(paths, options);
}

/** Locks the open file, which flock inherits. The lock lasts as long as any process has the file open. */
async function lockFile(paths: LockPaths, options: LockOptions): Promise<LockedNode> {
  const file = opened(paths);
  const former = openFormerLockFile(paths);
  const node = createThisNode({ ...options, inherits: file });
  const release = async () => {
    await node.end();
    closeSync(file);
    if (former !== undefined) closeSync(former);
  };
  try {
    const wait = onlyOnce(options.onWait);
    await take(paths.file, file, await tryFlock(node), wait, options);
    // An older kproxy on this node does not know the new file.
    if (former !== undefined) await take(paths.formerFile, former, await waitForFlock(former, ['-n']), wait, options);
    writeHolder(file, holderLine());
  } catch (error) {
    await release();
    throw error;
  }
  return { node, release };
}

/** Waits for a lock that a first trial did not get. */
async function take(
  path: string,
  file: number,
  first: FlockResult,
  onWait: () => void,
  options: LockOptions,
): Promise<void> {
  if (first.exitCode === 0) return;
  if (first.exitCode !== conflict) throw notLocked(path, first, options);
  onWait();
  const { timeoutSeconds } = options;
  const last = await waitForFlock(file, timeoutSeconds === undefined ? [] : ['-w', String(timeoutSeconds)]);
  if (last.exitCode !== 0) throw notLocked(path, last, options);
}

function onlyOnce(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) action();
    isDone = true;
  };
}

async function tryFlock(node: NodeAccess): Promise<FlockResult> {
  try {
    return await node.run({ argv: flockArguments(['-n', '3']) });
  } catch (error) {
    if (error instanceof KproxyError && error.code === 'tool-missing') return {};
    throw error;
  }
}

function opened(paths: LockPaths): number {
  try {
    return openLockFile(paths);
  } catch (error) {
    const limit = machineLimit(`cannot open ${paths.file}`, error);
    if (limit !== undefined) throw limit;
    throw new KproxyError({
      message: `cannot open ${paths.file}, which keeps two kproxies from working on one node at a time`,
      evidence: messageOf(error),
      advice: `Nothing was changed. ${adviceFor()}`,
      code: 'lock-unavailable',
    });
  }
}

const adviceFor = (): string =>
  process.geteuid?.() === 0
    ? "Make /run writable for root, and remove what is there in the place of kproxy's folder and file."
    : 'Run kproxy as root or with --sudo.';
