import { execa } from 'execa';
import { environmentFor } from './environment.js';
import { conflict, type FlockResult, flockArguments } from './flock.js';
import { type LockedNode, type LockOptions, notLocked } from './lock-errors.js';
import { holderLine, holderText } from './lock-holder.js';
import { isLockFolderReady, lockFolderPath } from './runtime-folder.js';
import { createThisNode } from './this-node.js';
import { throughSudo } from './through-sudo.js';
import { withinTime } from './within-time.js';

/**
 * Locks through sudo, which closes the files that it inherits. A process that runs as root holds the lock instead,
 * until its standard input ends: at `release`, or when this process ends.
 */
export async function lockThroughSudo(path: string, options: LockOptions): Promise<LockedNode> {
  const folder = await makeFolder();
  if (folder.exitCode !== 0) throw notLocked(path, folder, options);
  let holder = startHolder(path, ['-n']);
  let result = await heldOrEnded(holder);
  if (result?.exitCode === conflict) {
    options.onWait();
    const { timeoutSeconds } = options;
    holder = startHolder(path, timeoutSeconds === undefined ? [] : ['-w', String(timeoutSeconds)]);
    result = await heldOrEnded(holder);
  }
  if (result !== undefined) {
    const text = result.exitCode === conflict ? await textOf(path) : '';
    throw notLocked(path, result, options, () => holderText(path, text));
  }
  const node = createThisNode(options);
  return {
    node,
    release: async () => {
      await node.end();
      await endHolder(holder);
    },
  };
}

const runThroughSudo = (argv: readonly string[]) => {
  const [program = '', ...words] = throughSudo(argv);
  return execa(program, words, { env: environmentFor(true), extendEnv: false, reject: false });
};

/** Makes the folder of the lock if it is not there yet. Only root may open what is in it, whatever mode that has. */
const makeFolder = async (): Promise<FlockResult> =>
  isLockFolderReady() ? { exitCode: 0 } : runThroughSudo(['mkdir', '-p', '-m', '0700', lockFolderPath]);

/** How long reading the lock file may take, in milliseconds. sudo has asked for its password before. */
const readLimit = 5_000;

async function textOf(path: string): Promise<string> {
  const reading = runThroughSudo(['cat', path]);
  const result = await withinTime(reading, readLimit);
  if (result !== 'late') return result.exitCode === 0 ? `${result.stdout}\n` : '';
  reading.unref();
  return '';
}

type Holder = ReturnType<typeof startHolder>;

/** `tee` writes into the locked file who holds it, and repeats that. */
const startHolder = (path: string, limit: readonly string[]) =>
  runThroughSudo(flockArguments([...limit, path, 'tee', path]));

/**
 * Returns undefined once `tee` repeats a line, which it does as soon as flock has the lock and has started it. Has no
 * limit of its own: sudo may wait for the user's password, and flock waits as long as the user wants.
 */
async function heldOrEnded(holder: Holder): Promise<FlockResult | undefined> {
  const held = new Promise<undefined>(resolve => holder.stdout?.once('data', () => resolve(undefined)));
  holder.stdin?.on('error', () => {});
  holder.stdin?.write(`${holderLine()}\n`);
  return Promise.race([held, holder]);
}

/** How long `tee` may take to end after its input has ended. */
const holderLimitMilliseconds = 10_000;

async function endHolder(holder: Holder): Promise<void> {
  holder.stdin.end();
  if ((await withinTime(holder, holderLimitMilliseconds)) === 'late') holder.unref();
}
