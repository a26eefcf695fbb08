import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { ExitCode, KproxyError } from '../errors.js';
import { guestAgent } from './guest-agent.js';
import { findProgram } from './host-programs.js';
import { kernelArguments } from './kernel-arguments.js';
import { runnableKernel } from './kernel-image.js';
import { memoryFolder } from './memory-folder.js';
import { nextProcessor } from './processor.js';
import { startWatchman, type Watchman } from './watchman.js';

const packages = 'user-mode-linux kmod ipset iptables ipvsadm iproute2 conntrack';

/** A booting or running User-Mode Linux kernel. */
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

/** Starts the kernel. Throws a KproxyError where the package is not installed. */
export async function startKernel(name: string, memoryMegabytes: number): Promise<GuestKernel> {
  const kernel = findProgram(name) ?? missing(name);
  const taskset = findProgram('taskset') ?? missing('taskset');
  const folder = await mkdtemp(join(tmpdir(), 'kproxy-sandbox-'));
  const watchman = startWatchman(folder);
  const agent = join(folder, 'agent');
  await writeFile(agent, guestAgent, { mode: 0o700 });
  const image = await runnableKernel(kernel, folder);
  const options = kernelArguments({ memoryMegabytes, folder, agent });
  const child = spawn(taskset, ['-c', String(nextProcessor()), image, ...options], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    cwd: '/',
    env: { ...process.env, TMPDIR: await memoryFolder(memoryMegabytes) },
  });
  watchman.watch(child.pid ?? 0);
  return guestKernel(child, folder, watchman);
}

function guestKernel(child: ChildProcess, folder: string, watchman: Watchman): GuestKernel {
  const line = child.stdio[3] as Duplex;
  const removeFiles = () => rm(folder, { recursive: true, force: true });
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

function missing(program: string): never {
  throw new KproxyError({
    message: `the sandbox needs a kernel with IPVS, and ${program} is not installed`,
    exitCode: ExitCode.nodeUnreadable,
    detail: 'A User-Mode Linux kernel runs as an ordinary program, without root and without changing this machine.',
    next: `sudo apt-get install ${packages}`,
  });
}
