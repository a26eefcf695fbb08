import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { KproxyError } from '../errors.js';
import { guestAgent } from './guest-agent.js';
import { findProgram } from './host-programs.js';
import { startWatchman, type Watchman } from './watchdog.js';

/** A booting or running kernel, whatever machine it believes to be on. */
export interface GuestKernel {
  /** The serial line to the agent. */
  readonly line: Duplex;
  /** Resolves, with what the kernel said on its console, when no process of the guest is left. */
  readonly ended: Promise<string>;
  /** Removes the guest's files from the host: needed only until the agent runs. */
  removeFiles(): Promise<void>;
  /** Lets the guest power off, kills it if it does not, and waits for its end. */
  stop(): Promise<void>;
}

/** A private folder of the host with the guest's agent in it, and who clears up if this process is killed. */
export interface GuestFolder {
  readonly path: string;
  readonly agent: string;
  readonly watchman: Watchman;
}

export async function guestFolder(): Promise<GuestFolder> {
  const path = await mkdtemp(join(tmpdir(), 'kproxy-sandbox-'));
  const watchman = startWatchman(path);
  const agent = join(path, 'agent');
  await writeFile(agent, guestAgent, { mode: 0o700 });
  return { path, agent, watchman };
}

/** Starts the program that is the guest. Its descriptor 3 is the line to the agent, its descriptor 1 the console. */
export function startGuest(
  [program = '', ...rest]: readonly string[],
  { path, watchman }: GuestFolder,
  options: SpawnOptions = {},
): GuestKernel {
  const child = spawn(program, rest, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    cwd: '/',
    ...options,
  });
  watchman.watch(child.pid ?? 0);
  const line = child.stdio[3] as Duplex;
  const removeFiles = () => rm(path, { recursive: true, force: true });
  const readConsole = collect([child.stdout, child.stderr]);
  const ended = new Promise<void>(resolve => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  }).then(async () => {
    killGroup(child);
    await removeFiles();
    await watchman.dismiss();
    return readConsole();
  });
  return {
    line,
    ended,
    removeFiles,
    async stop() {
      // Only this direction: a guest that cannot get rid of its last answer would never see the end.
      line.end();
      const timer = setTimeout(() => killGroup(child), 3_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // None of them is left.
  }
}

function collect(streams: readonly (Readable | null)[]): () => string {
  const chunks: Buffer[] = [];
  for (const stream of streams) stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString().slice(-4_000);
}

/** The program's path. Throws a KproxyError, with what a machine of this kind is and its packages, where it is not installed. */
export function neededProgram(name: string, machine: { readonly evidence: string; readonly packages: string }): string {
  const path = findProgram(name);
  if (path !== undefined) return path;
  throw new KproxyError({
    message: `the sandbox needs a kernel with IPVS, and ${name} is not installed`,
    code: 'sandbox-unavailable',
    evidence: machine.evidence,
    advice: `sudo apt-get install ${machine.packages}`,
  });
}
