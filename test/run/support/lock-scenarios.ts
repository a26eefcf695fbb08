// A program of its own, bundled and started by a test in namespaces of its own: plays one scenario and prints what came of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { KproxyError } from '../../../src/errors.js';
import { type LockedNode, lockNode } from '../../../src/run/lock.js';

const [, program = '', name = ''] = process.argv;
const sudo = name.endsWith(' through sudo');

/** An open file that nobody refers to any more may be closed at any time. */
const kept: LockedNode[] = [];

interface Attempt {
  readonly waits: number;
  readonly lock: LockedNode | undefined;
  readonly error: object | undefined;
}

/** Locks, or says why not. */
async function attempt(timeoutSeconds: number | undefined): Promise<Attempt> {
  let waits = 0;
  const onWait = () => {
    waits += 1;
  };
  try {
    const lock = await lockNode({ sudo, timeoutMilliseconds: 60_000, timeoutSeconds, onWait });
    kept.push(lock);
    return { lock, waits, error: undefined };
  } catch (error) {
    if (!(error instanceof KproxyError)) throw error;
    const { message, detail, next, exitCode } = error;
    return { lock: undefined, waits, error: { message, detail, next, exitCode } };
  }
}

/** Another process that holds the lock, once it does. */
async function otherHolder(how: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, how], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const said = ({ waits, error, lock }: Attempt) => ({ waits, error, isLocked: lock !== undefined });

async function holds(): Promise<void> {
  await attempt(undefined);
  console.log('locked');
  setInterval(() => {}, 1_000);
}

const toolFile = '/run/tool';

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
    return { first: said(first), wasSettled, second: said(await second) };
  },
  'gives up': async () => {
    await attempt(undefined);
    return [said(await attempt(0.1)), said(await attempt(0))];
  },
  'holder is killed': async () => {
    const holder = await otherHolder(sudo ? 'holds through sudo' : 'holds');
    const before = said(await attempt(0.1));
    await kill(holder);
    return { before, after: said(await attempt(10)) };
  },
  'tool outlives its kproxy': async () => {
    const holder = await otherHolder('holds with a tool');
    const tool = Number(await readFile(toolFile, 'utf8'));
    await kill(holder);
    const before = said(await attempt(0.1));
    process.kill(tool, 'SIGKILL');
    return { before, after: said(await attempt(10)) };
  },
  'cannot be opened': async () => {
    const namespace = /\d+/.exec(await readlink('/proc/self/ns/net'))?.[0];
    await mkdir(`/run/kproxy-${namespace}.lock`);
    return said(await attempt(undefined));
  },
  'no flock': async () => {
    process.env.PATH = '/nonexistent';
    return said(await attempt(undefined));
  },
  holds,
  'holds with a tool': async () => {
    const { lock } = await attempt(undefined);
    void lock?.node.run({
      argv: ['sh', '-c', `echo $$ >${toolFile}.new; mv ${toolFile}.new ${toolFile}; exec sleep 50`],
    });
    while ((await readFile(toolFile, 'utf8').catch(() => '')) === '') await pause(10);
    console.log('locked');
    setInterval(() => {}, 1_000);
  },
};

const scenario = scenarios[name.replace(' through sudo', '')];
if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
const outcome = await scenario();
if (outcome !== undefined) {
  console.log(JSON.stringify(outcome));
  process.exit();
}
