import { closeSync, openSync, readlinkSync } from 'node:fs';
import { execa } from 'execa';
import { KproxyError } from '../errors.js';
import type { NodeAccess } from '../node/access.js';
import { openFile } from './open-file.js';
import type { RunOptions } from './run-options.js';
import { thisNode } from './this-node.js';

export interface LockOptions extends RunOptions {
  /** How long to wait for another kproxy; undefined is for ever. */
  readonly timeoutSeconds: number | undefined;
  /** Told once, before waiting. */
  readonly onWait: () => void;
}

/** A node that is this kproxy's alone until `release`. */
export interface LockedNode {
  /** Its tools hold the lock too: where kproxy is killed, the lock stays until the tool that it started has ended. */
  readonly node: NodeAccess;
  readonly release: () => Promise<void>;
}

/** Everything that kproxy programs belongs to a network namespace, so that is what is locked; only root may. */
const lockPath = (): string => {
  const namespace = /\d+/.exec(readlinkSync('/proc/self/ns/net'))?.[0] ?? 'host';
  return `/run/kproxy-${namespace}.lock`;
};

/** flock's exit status for a lock that it did not get, chosen so that it cannot be taken for a failure of its own. */
const conflict = 75;
const waiting = (seconds: number | undefined): readonly string[] =>
  seconds === undefined ? [] : ['-w', String(seconds)];

/**
 * Waits until no other kproxy works on this node.
 * @throws KproxyError (exit code 4) where that takes longer than the timeout, or where there is no flock
 */
export async function lockNode(options: LockOptions): Promise<LockedNode> {
  const path = lockPath();
  return options.sudo ? lockThroughSudo(path, options) : lockFile(path, options);
}

/** The lock belongs to the open file, which flock shares with this process: it needs no process to hold it. */
async function lockFile(path: string, options: LockOptions): Promise<LockedNode> {
  const file = openLockFile(path);
  const node = thisNode({ ...options, inherits: file });
  const release = async () => {
    await node.end();
    closeSync(file);
  };
  try {
    const flock = ['flock', '-x', '-E', String(conflict)];
    let result: FlockResult = await node.run({ argv: [...flock, '-n', '3'] }).catch(() => ({}));
    if (result.exitCode === conflict) {
      options.onWait();
      result = await flockWithoutLimit([...flock, ...waiting(options.timeoutSeconds), '3'], file);
    }
    if (result.exitCode !== 0) throw notLocked(path, result, options);
  } catch (error) {
    await release();
    throw error;
  }
  return { node, release };
}

/** Without an exit code there was no flock. */
interface FlockResult {
  readonly exitCode?: number | undefined;
  readonly stderr?: string | undefined;
}

/** How long it waits is the user's to say, and no tool that hangs. */
const flockWithoutLimit = ([program = '', ...rest]: readonly string[], file: number): Promise<FlockResult> =>
  execa(program, rest, { stdio: ['ignore', 'pipe', 'pipe', openFile(file)], reject: false });

function openLockFile(path: string): number {
  try {
    return openSync(path, 'a', 0o600);
  } catch (error) {
    throw new KproxyError({
      message: `cannot open ${path}, which keeps two kproxies from working on one node at a time`,
      evidence: error instanceof Error ? error.message : String(error),
      advice: 'Nothing was changed. Run kproxy as root or with --sudo.',
      code: 'lock-unavailable',
    });
  }
}

/** sudo hands no open file on, so a process of root's holds the lock for as long as this one lives: until its standard input ends. */
async function lockThroughSudo(path: string, options: LockOptions): Promise<LockedNode> {
  let holder = hold(path, '-n');
  let end = await heldOrEnded(holder);
  if (end?.exitCode === conflict) {
    options.onWait();
    holder = hold(path, ...waiting(options.timeoutSeconds));
    end = await heldOrEnded(holder);
  }
  if (end !== undefined) throw notLocked(path, end, options);
  const node = thisNode(options);
  return {
    node,
    release: async () => {
      await node.end();
      holder.stdin.end();
      await holder;
    },
  };
}

const hold = (path: string, ...limit: readonly string[]) =>
  execa('sudo', ['flock', '-x', '-E', String(conflict), ...limit, path, 'cat'], { reject: false });

/** Undefined once `cat` gives a line back, which it does as soon as flock has started it. */
async function heldOrEnded(holder: ReturnType<typeof hold>) {
  const held = new Promise<undefined>(resolve => holder.stdout?.once('data', () => resolve(undefined)));
  holder.stdin?.on('error', () => {});
  holder.stdin?.write('\n');
  return Promise.race([held, holder]);
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
