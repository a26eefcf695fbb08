import { spawn } from 'node:child_process';
import { openSync, readdirSync, readFileSync } from 'node:fs';
import { serveCluster } from './api-server.js';
import type { Peak, Task } from './task.js';

interface Sample {
  readonly id: number;
  readonly parent: number;
  readonly name: string;
  /** The most that it has had resident until now. */
  readonly mebibytes: number;
}

const sampleMilliseconds = 20;

/** Runs a command to its end and looks at its process tree all the time. */
export async function peakOf({ argv, serve }: Extract<Task, { is: 'memory' }>): Promise<Peak> {
  const api = serve === undefined ? undefined : await serveCluster(serve);
  const [program = '', ...rest] = [...argv, ...(api?.arguments ?? [])];
  const child = spawn(program, rest, { stdio: ['ignore', openSync('/tmp/bench-printed', 'w'), 'inherit'] });
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve));
  const meter = peakMeter(child.pid ?? 0);
  const sampling = setInterval(meter.look, sampleMilliseconds);
  const exitCode = await ended;
  clearInterval(sampling);
  api?.close();
  if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}`);
  return meter.peak();
}

export interface PeakMeter {
  readonly look: () => void;
  readonly peak: () => Peak;
}

/**
 * Knows the most that the tree below a process has had whenever it looked. What a process has had at most is known even if it had it between two looks;
 * that all had it at the same time is the worst case.
 */
export function peakMeter(root: number): PeakMeter {
  let peak: Peak = { mebibytes: 0, processes: {} };
  const look = (): void => {
    const tree = below(root);
    const mebibytes = tree.reduce((sum, one) => sum + one.mebibytes, 0);
    if (mebibytes <= peak.mebibytes) return;
    peak = { mebibytes, processes: Object.fromEntries(tree.map(one => [`${one.name} ${one.id}`, one.mebibytes])) };
  };
  return { look, peak: () => peak };
}

function below(root: number): readonly Sample[] {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(sampleOf);
  const tree = new Set([root]);
  // A process has a greater number than its parent, but for the rare case that the numbers begin anew.
  for (const { id, parent } of all.sort((one, other) => one.id - other.id)) if (tree.has(parent)) tree.add(id);
  return all.filter(({ id }) => tree.has(id));
}

function sampleOf(id: string): readonly Sample[] {
  const status = statusOf(id);
  const field = (name: string): string => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1] ?? '';
  const highest = Number(field('VmHWM'));
  return highest === 0
    ? []
    : [{ id: Number(id), parent: Number(field('PPid')), name: field('Name'), mebibytes: highest / 1024 }];
}

/** Empty where the process has ended meanwhile. */
function statusOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/status`, 'utf8');
  } catch {
    return '';
  }
}
