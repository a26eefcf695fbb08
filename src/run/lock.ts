import { closeSync, openSync, readlinkSync } from 'node:fs';
import { execa } from 'execa';
import { KproxyError, messageOf } from '../errors.js';
import type { NodeAccess } from '../node/access.js';
import { toolEnvironment } from './environment.js';
import { openFile } from './open-file.js';
import type { RunOptions } from './run-options.js';
import { createThisNode } from './this-node.js';
import { withinTime } from './within-time.js';

/** How the node is locked, and how its tools run. */
export interface LockOptions extends RunOptions {
  /** How long to wait for another kproxy. Undefined waits without limit. */
  readonly timeoutSeconds: number | undefined;
  /** Called once, before waiting. */
  readonly onWait: () => void;
}

/** A node that no other kproxy changes until `release`. */
export interface LockedNode {
  /** Its tools hold the lock too: if kproxy is killed, the lock stays until the tools that it started have ended. */
  readonly node: NodeAccess;
  readonly release: () => Promise<void>;
}

/** Returns the lock file of this network namespace, to which everything that kproxy programs belongs. */
const lockPath = (): string => {
  const namespace = /\d+/.exec(readlinkSync('/proc/self/ns/net'))?.[0] ?? 'host';
  return `/run/kproxy-${namespace}.lock`;
};

/** The exit status that flock reports a held lock with. Its failures have other ones. */
const conflict = 75;
const lockFlags = ['-x', '-E', String(conflict)];
const limitOf = (seconds: number | undefined): readonly string[] =>
  seconds === undefined ? [] : ['-w', String(seconds)];

/**
 * Waits until no other kproxy works on this node.
 * @throws KproxyError `lock-held` after the timeout, or `lock-unavailable`
 */
export async function lockNode(options: LockOptions): Promise<LockedNode> {
  const path = lockPath();
  return options.sudo ? lockThroughSudo(path, options) : lockFile(path, options);
}

/** Locks the open file, which flock inherits. The lock lasts as long as any process has the file open. */
async function lockFile(path: string, options: LockOptions): Promise<LockedNode> {
  const file = openLockFile(path);
  const node = createThisNode({ ...options, inherits: file });
  const release = async () => {
    await node.end();
    closeSync(file);
  };
  try {
    let result = await tryFlock(node);
    if (result.exitCode === conflict) {
      options.onWait();
      result = await waitForFlock(limitOf(options.timeoutSeconds), file);
    }
    if (result.exitCode !== 0) throw notLocked(path, result, options);
  } catch (error) {
    await release();
    throw error;
  }
  return { node, release };
}

/** How flock ended. It has no exit code if it is not installed. */
interface FlockResult {
  readonly exitCode?: number | undefined;
  readonly stderr?: string | undefined;
}

async function tryFlock(node: NodeAccess): Promise<FlockResult> {
  try {
    return await node.run({ argv: ['flock', ...lockFlags, '-n', '3'] });
  } catch (error) {
    if (error instanceof KproxyError && error.code === 'tool-missing') return {};
    throw error;
  }
}

/** Waits for the lock. Has no limit of its own: without --lock-timeout the user wants to wait as long as it takes. */
const waitForFlock = (limit: readonly string[], file: number): Promise<FlockResult> =>
  execa('flock', [...lockFlags, ...limit, '3'], {
    stdio: ['ignore', 'pipe', 'pipe', openFile(file)],
    env: toolEnvironment(),
    reject: false,
  });

function openLockFile(path: string): number {
  try {
    return openSync(path, 'a', 0o600);
  } catch (error) {
    throw new KproxyError({
      message: `cannot open ${path}, which keeps two kproxies from working on one node at a time`,
      evidence: messageOf(error),
      advice: 'Nothing was changed. Run kproxy as root or with --sudo.',
      code: 'lock-unavailable',
    });
  }
}

/**
 * Locks through sudo, which closes the files that it inherits. A process that runs as root holds the lock instead,
 * until its standard input ends: at `release`, or when this process ends.
 */
async function lockThroughSudo(path: string, options: LockOptions): Promise<LockedNode> {
  let holder = startHolder(path, '-n');
  let result = await heldOrEnded(holder);
  if (result?.exitCode === conflict) {
    options.onWait();
    holder = startHolder(path, ...limitOf(options.timeoutSeconds));
    result = await heldOrEnded(holder);
  }
  if (result !== undefined) throw notLocked(path, result, options);
  const node = createThisNode(options);
  return {
    node,
    release: async () => {
      await node.end();
      await endHolder(holder);
    },
  };
}

type Holder = ReturnType<typeof startHolder>;

const startHolder = (path: string, ...limit: readonly string[]) =>
  execa('sudo', ['flock', ...lockFlags, ...limit, path, 'cat'], { env: toolEnvironment(), reject: false });

/**
 * Returns undefined once `cat` repeats a line, which it does as soon as flock has the lock and has started it. Has no
 * limit of its own: sudo may wait for the user's password, and flock waits as long as the user wants.
 */
async function heldOrEnded(holder: Holder): Promise<FlockResult | undefined> {
  const held = new Promise<undefined>(resolve => holder.stdout?.once('data', () => resolve(undefined)));
  holder.stdin?.on('error', () => {});
  holder.stdin?.write('\n');
  return Promise.race([held, holder]);
}

/** How long `cat` may take to end after its input has ended. */
const holderLimitMilliseconds = 10_000;

async function endHolder(holder: Holder): Promise<void> {
  holder.stdin.end();
  if ((await withinTime(holder, holderLimitMilliseconds)) === 'late') holder.unref();
}

function notLocked(
  path: string,
  { exitCode, stderr }: FlockResult,
  { timeoutSeconds, sudo }: LockOptions,
): KproxyError {
  if (exitCode === conflict)
    return new KproxyError({
      message: `another kproxy still works on this node after ${timeoutSeconds} s`,
      evidence: `It holds ${path}; \`fuser -v ${path}\` names it.`,
      advice: 'Nothing was changed. Run kproxy again, or with a longer --lock-timeout.',
      code: 'lock-held',
    });
  return new KproxyError({
    message: `cannot lock ${path}`,
    evidence: stderr || `${sudo ? 'sudo or flock' : 'flock'} is not installed`,
    advice: 'Nothing was changed. flock is in the package util-linux.',
    code: 'lock-unavailable',
  });
}
