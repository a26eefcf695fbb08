import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { KproxyError } from '../errors.js';
import { userEnvironment } from '../run/environment.js';
import { guestAgent } from './agent/agent.js';
import { withinLimit } from './time-limit.js';
import { startWatchdog, type Watchdog } from './watchdog.js';

/** A kernel that boots or runs, in User-Mode Linux or in a virtual machine. */
export interface GuestKernel {
  /** The serial line to the agent. */
  readonly line: Duplex;
  /** Resolves with the console's output once no process of the guest is left. */
  readonly ended: Promise<string>;
  /** Removes the guest's files from the host. They are needed only until the agent runs. */
  removeFiles(): Promise<void>;
  /** Powers the guest off, kills it if it does not end, and waits for its end. */
  stop(): Promise<void>;
}

/** A private folder of the host that holds the guest's agent, with the watchdog that removes it. */
export interface GuestFolder {
  readonly path: string;
  /** Path of the agent. */
  readonly agent: string;
  readonly watchdog: Watchdog;
}

export async function createGuestFolder(): Promise<GuestFolder> {
  const path = await mkdtemp(join(tmpdir(), 'kproxy-sandbox-'));
  const watchdog = startWatchdog(path);
  const agent = join(path, 'agent');
  await writeFile(agent, guestAgent, { mode: 0o700 });
  return { path, agent, watchdog };
}

const powerOffMilliseconds = 3_000;
const killMilliseconds = 20_000;

/** Starts the guest's program. Its descriptor 3 is the line to the agent, its descriptors 1 and 2 are the console. */
export function startGuest(
  [program = '', ...rest]: readonly string[],
  { path, watchdog }: GuestFolder,
  options: SpawnOptions = {},
): GuestKernel {
  const child = spawn(program, rest, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    cwd: '/',
    env: userEnvironment(),
    ...options,
  });
  watchdog.watch(child.pid ?? 0);
  const line = child.stdio[3] as Duplex;
  const removeFiles = () => rm(path, { recursive: true, force: true });
  const readConsole = collect([child.stdout, child.stderr]);
  const ended = untilExit(child).then(async () => {
    killGroup(child);
    await removeFiles();
    await watchdog.dismiss();
    return readConsole();
  });
  return {
    line,
    ended,
    removeFiles,
    async stop() {
      // Closes the writing direction only. Otherwise a guest that is sending an answer would not notice the end.
      line.end();
      const kill = async () => {
        killGroup(child);
        return withinLimit(ended, killMilliseconds, () => {
          throw notEnded(child, readConsole());
        });
      };
      await withinLimit(ended, powerOffMilliseconds, kill);
    },
  };
}

const untilExit = (child: ChildProcess): Promise<void> =>
  new Promise(resolve => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // No process of the group is left.
  }
}

const notEnded = (child: ChildProcess, output: string): KproxyError =>
  new KproxyError({
    message: `the sandbox's kernel (process ${child.pid}) did not end within ${killMilliseconds / 1_000} s of SIGKILL`,
    code: 'sandbox-failed',
    evidence: output.trim(),
  });

/** Collects what the streams deliver. Returns a function that reads the last 4,000 characters. */
function collect(streams: readonly (Readable | null)[]): () => string {
  const chunks: Buffer[] = [];
  for (const stream of streams) stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString().slice(-4_000);
}
