import { spawn } from 'node:child_process';
import { openSync, readdirSync, readFileSync } from 'node:fs';
import { serveCluster } from './api-server.js';
import type { Peak, Task } from './task.js';

interface ProcessMemory {
  readonly id: number;
  readonly parent: number;
  readonly name: string;
  /** The most resident memory that the process has had so far. */
  readonly mebibytes: number;
}

const sampleInterval = 20;

/** Runs a command to its end and samples its process tree meanwhile. */
export async function peakOf({ argv, serve, exitCode = 0 }: Extract<Task, { is: 'memory' }>): Promise<Peak> {
  const api = serve === undefined ? undefined : await serveCluster(serve);
  const [program = '', ...rest] = [...argv, ...(api?.arguments ?? [])];
  const child = spawn(program, rest, { stdio: ['ignore', openSync('/tmp/bench-output', 'w'), 'inherit'] });
  const exit = new Promise<number | null>(resolve => child.once('exit', resolve));
  const meter = new PeakMeter(child.pid ?? 0);
  const timer = setInterval(() => meter.sample(), sampleInterval);
  const found = await exit;
  clearInterval(timer);
  api?.close();
  if (found !== exitCode) throw new Error(`${argv.join(' ')} ended with ${found}`);
  return meter.peak;
}

/**
 * Keeps the most memory that a process and its descendants had at any sample. The kernel keeps the peak of each
 * process, so a peak between two samples counts. The sum assumes the worst case: that all processes of a sample had
 * their peaks at the same time.
 */
export class PeakMeter {
  readonly #root: number;
  #peak: Peak = { mebibytes: 0, processes: {} };

  constructor(root: number) {
    this.#root = root;
  }

  get peak(): Peak {
    return this.#peak;
  }

  sample(): void {
    const tree = processTree(this.#root);
    const mebibytes = tree.reduce((sum, process) => sum + process.mebibytes, 0);
    if (mebibytes <= this.#peak.mebibytes) return;
    const processes = Object.fromEntries(tree.map(({ name, id, mebibytes }) => [`${name} ${id}`, mebibytes]));
    this.#peak = { mebibytes, processes };
  }
}

function processTree(root: number): readonly ProcessMemory[] {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(readProcess);
  const ids = new Set([root]);
  // A process has a higher number than its parent, except in the rare case that the numbers have wrapped around.
  for (const { id, parent } of all.sort((left, right) => left.id - right.id)) if (ids.has(parent)) ids.add(id);
  return all.filter(({ id }) => ids.has(id));
}

/** Returns nothing for a process without memory of its own: a kernel thread, or one that has ended. */
function readProcess(id: string): readonly ProcessMemory[] {
  const status = readStatus(id);
  const field = (name: string): string => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1] ?? '';
  const kibibytes = Number(field('VmHWM'));
  if (kibibytes === 0) return [];
  return [{ id: Number(id), parent: Number(field('PPid')), name: field('Name'), mebibytes: kibibytes / 1024 }];
}

/** Returns an empty text if the process has ended meanwhile. */
function readStatus(id: string): string {
  try {
    return readFileSync(`/proc/${id}/status`, 'utf8');
  } catch {
    return '';
  }
}
