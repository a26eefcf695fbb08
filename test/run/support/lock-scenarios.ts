// A program that a test bundles and starts in its own namespaces. It plays one scenario and prints the outcome.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { KproxyError } from '../../../src/errors.js';
import { lockNode } from '../../../src/run/lock.js';
import type { LockedNode } from '../../../src/run/lock-errors.js';
import type { RunnerName } from '../../../src/run/run-options.js';
import { useToolPath } from '../../../src/run/tool-path.js';

const [, program = '', name = ''] = process.argv;
useToolPath([dirname(program)]);
const sudo = name.endsWith(' through sudo');

/** All locks, so that none is collected as garbage while it is held. */
const locks: LockedNode[] = [];

interface Attempt {
  readonly waits: number;
  readonly lock: LockedNode | undefined;
  readonly error: object | undefined;
}

/** Tries to lock the node. */
async function attempt(timeoutSeconds: number | undefined, runner?: RunnerName): Promise<Attempt> {
  let waits = 0;
  const onWait = () => {
    waits += 1;
  };
  try {
    const lock = await lockNode({ sudo, runner, timeoutMilliseconds: 60_000, timeoutSeconds, onWait });
    locks.push(lock);
    return { lock, waits, error: undefined };
  } catch (error) {
    if (!(error instanceof KproxyError)) throw error;
    const { code, message, evidence, advice } = error;
    return { lock: undefined, waits, error: { code, message, evidence, advice } };
  }
}

/** Starts another process that holds the lock, and waits until it does. */
async function otherHolder(how: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, how], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const namespace = async (): Promise<string> => /\d+/.exec(await readlink('/proc/self/ns/net'))?.[0] ?? '';

/** Holds the lock as kproxy did before it had a folder. */
async function holdFormer(mode: number): Promise<ChildProcess> {
  const path = `/run/kproxy-${await namespace()}.lock`;
  await writeFile(path, '', { mode });
  const child = spawn('flock', ['-F', path, 'sh', '-c', 'echo locked; exec sleep 50'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data');
  return child;
}

const outcomeOf = ({ waits, error, lock }: Attempt) => ({ waits, error, isLocked: lock !== undefined });

async function holds(): Promise<void> {
  await attempt(undefined);
  console.log('locked');
  setInterval(() => {}, 1_000);
}

const toolFile = '/run/tool';

async function holdsWithTool(runner: RunnerName): Promise<void> {
  const { lock } = await attempt(undefined, runner);
  void lock?.node.run({
    argv: ['sh', '-c', `echo $$ >${toolFile}.new; mv ${toolFile}.new ${toolFile}; exec sleep 50`],
  });
  while ((await readFile(toolFile, 'utf8').catch(() => '')) === '') await pause(10);
  console.log('locked');
  setInterval(() => {}, 1_000);
}

async function toolOutlives(runner: RunnerName): Promise<unknown> {
  const holder = await otherHolder(`holds with a tool, ${runner}`);
  const tool = Number(await readFile(toolFile, 'utf8'));
  await kill(holder);
  const before = outcomeOf(await attempt(0.1));
  process.kill(tool, 'SIGKILL');
  return { before, after: outcomeOf(await attempt(10)) };
}

const scenarios: Readonly<Record<string, () => Promise<unknown>>> = {
  waits: async () => {
    const first = await attempt(undefined);
    let isSettled = false;
    const second = attempt(undefined).finally(() => {
      isSettled = true;
    });
    await pause(100);
    const wasSettled = isSettled;
    await first.lock?.release();
    return { first: outcomeOf(first), wasSettled, second: outcomeOf(await second) };
  },
  'gives up': async () => {
    await attempt(undefined);
    return [outcomeOf(await attempt(0.1)), outcomeOf(await attempt(0))];
  },
  'holder is killed': async () => {
    const holder = await otherHolder(sudo ? 'holds through sudo' : 'holds');
    const before = outcomeOf(await attempt(0.1));
    await kill(holder);
    return { before, after: outcomeOf(await attempt(10)) };
  },
  'tool outlives its kproxy, direct': () => toolOutlives('direct'),
  'tool outlives its kproxy, shell': () => toolOutlives('shell'),
  'cannot be opened': async () => {
    await mkdir(`/run/kproxy/lock/${await namespace()}`, { recursive: true, mode: 0o700 });
    return outcomeOf(await attempt(undefined));
  },
  'a link in the place of the file': async () => {
    await mkdir('/run/kproxy/lock', { recursive: true, mode: 0o700 });
    await writeFile('/run/target', 'kept\n');
    await symlink('/run/target', `/run/kproxy/lock/${await namespace()}`);
    return { ...outcomeOf(await attempt(undefined)), target: await readFile('/run/target', 'utf8') };
  },
  'a link in the place of the folder': async () => {
    await mkdir('/run/other', { mode: 0o700 });
    await symlink('/run/other', '/run/kproxy');
    return { ...outcomeOf(await attempt(undefined)), there: await readdir('/run/other') };
  },
  'a folder that others may write in': async () => {
    await mkdir('/run/kproxy');
    await chmod('/run/kproxy', 0o777);
    return outcomeOf(await attempt(undefined));
  },
  'a folder of the service manager': async () => {
    await mkdir('/run/kproxy', { mode: 0o755 });
    return outcomeOf(await attempt(undefined));
  },
  modes: async () => {
    await attempt(undefined);
    const paths = ['/run/kproxy/lock', `/run/kproxy/lock/${await namespace()}`];
    return Promise.all(paths.map(async path => ((await stat(path)).mode & 0o777).toString(8)));
  },
  'an older kproxy holds its own file': async () => {
    const holder = await holdFormer(0o600);
    const before = outcomeOf(await attempt(0.1));
    await kill(holder);
    return { before, after: outcomeOf(await attempt(10)) };
  },
  'anybody holds a readable file of an older kproxy': async () => {
    const holder = await holdFormer(0o644);
    const outcome = outcomeOf(await attempt(0.1));
    await kill(holder);
    return outcome;
  },
  'no flock': async () => {
    useToolPath([], ['/nonexistent']);
    return outcomeOf(await attempt(undefined));
  },
  holds,
  'holds with a tool, direct': () => holdsWithTool('direct'),
  'holds with a tool, shell': () => holdsWithTool('shell'),
};

const scenario = scenarios[name.replace(' through sudo', '')];
if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
const outcome = await scenario();
if (outcome !== undefined) {
  console.log(JSON.stringify(outcome));
  process.exit();
}
