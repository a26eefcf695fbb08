import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClusterList, type EndpointAdded, endpointAdded, withChange } from '../cluster.js';
import { serveCluster } from './api-server.js';
import { peakMeter } from './memory.js';
import type { FileWatchTask, WatchFigures, WatchTask } from './task.js';

interface LogLine {
  readonly message: string;
  readonly services?: readonly string[];
  readonly isWhole?: boolean;
}

const longestWait = 60_000;

/** Follows the benchmark's API server through kubectl. */
export async function watchApi(task: WatchTask): Promise<WatchFigures> {
  const api = await serveCluster(task.cluster);
  try {
    return await follow(task, api.arguments, change => () => api.change(change.slice));
  } finally {
    api.close();
  }
}

/** Follows a file, which is written anew for each change. */
export function watchFile(task: FileWatchTask): Promise<WatchFigures> {
  const file = '/tmp/bench-followed.json';
  let cluster = JSON.parse(readFileSync(task.cluster, 'utf8')) as ClusterList;
  writeFileSync(file, JSON.stringify(cluster));
  return follow(task, ['--from', file], change => {
    cluster = withChange(cluster, change);
    writeFileSync(`${file}.new`, JSON.stringify(cluster));
    return () => renameSync(`${file}.new`, file);
  });
}

/** Prepares a change; what it gives back is the event. */
type Prepare = (change: EndpointAdded) => () => void;

async function follow(
  task: WatchTask | FileWatchTask,
  cluster: readonly string[],
  prepare: Prepare,
): Promise<WatchFigures> {
  const [program = '', ...rest] = [...task.argv, ...cluster];
  const start = performance.now();
  const child = spawn(program, rest, { stdio: ['ignore', 'inherit', 'pipe'] });
  const lines = linesOf(child);
  const meter = peakMeter(child.pid ?? 0);
  try {
    const looking = setInterval(meter.look, 500);
    await lines.until(line => line.isWhole === true);
    const firstSync = performance.now() - start;
    // From here on looking would be in the way of what is timed.
    clearInterval(looking);
    const milliseconds: number[] = [];
    for (let index = 0; index < task.changes; index += 1) {
      await sleep(300);
      milliseconds.push(await timeOf(endpointAdded(task, index * step(task)), prepare, lines));
      meter.look();
    }
    return { milliseconds, firstSync, peak: meter.peak() };
  } finally {
    child.kill('SIGTERM');
  }
}

/** The changes are spread over all Services. */
const step = ({ services, changes }: { readonly services: number; readonly changes: number }): number =>
  Math.floor(services / changes);

async function timeOf(change: EndpointAdded, prepare: Prepare, lines: Lines): Promise<number> {
  const told = lines.until(line => line.services?.includes(change.service) === true);
  const happen = prepare(change);
  const start = performance.now();
  happen();
  await told;
  const time = performance.now() - start;
  if (!readFileSync('/proc/net/ip_vs', 'utf8').includes(change.realServer))
    throw new Error(`the sync of ${change.service} was told, and the kernel has not got its real server`);
  return time;
}

interface Lines {
  /** Resolves with the next line that matches; rejects where the process ends or too much time passes. */
  until(matches: (line: LogLine) => boolean): Promise<void>;
}

function linesOf(child: ChildProcess): Lines {
  let hear: (line: LogLine) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const told: string[] = [];
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', text => {
    told.push(text);
    if (text.startsWith('{')) hear(JSON.parse(text) as LogLine);
  });
  const problem = (what: string) => new Error(`${what}; it said:\n${told.slice(-10).join('\n')}`);
  child.once('exit', code => fail(problem(`kproxy sync --watch ended with ${code}`)));
  return {
    until: matches =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(problem('no sync was told in time')), longestWait);
        fail = reject;
        hear = line => {
          if (!matches(line)) return;
          clearTimeout(timer);
          resolve();
        };
      }),
  };
}
