import { spawn } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClusterList, type EndpointAddition, endpointAddition, withChange } from '../cluster.js';
import { serveCluster } from './api-server.js';
import { LogLines } from './log-lines.js';
import { PeakMeter } from './memory.js';
import type { FileWatchTask, WatchFigures, WatchTask } from './task.js';

/** Measures `sync --watch` with the benchmark's API server, through kubectl. */
export async function watchApi(task: WatchTask): Promise<WatchFigures> {
  const api = await serveCluster(task.cluster);
  try {
    return await watch(task, api.arguments, change => () => api.change(change.slice));
  } finally {
    api.close();
  }
}

/** Measures `sync --watch` with a file that is replaced for each change. */
export function watchFile(task: FileWatchTask): Promise<WatchFigures> {
  const file = '/tmp/bench-followed.json';
  let cluster = JSON.parse(readFileSync(task.cluster, 'utf8')) as ClusterList;
  writeFileSync(file, JSON.stringify(cluster));
  return watch(task, ['--from', file], change => {
    cluster = withChange(cluster, change);
    writeFileSync(`${file}.new`, JSON.stringify(cluster));
    return () => renameSync(`${file}.new`, file);
  });
}

/** Prepares a change and returns the function that triggers it. */
type Prepare = (change: EndpointAddition) => () => void;

async function watch(
  task: WatchTask | FileWatchTask,
  clusterArguments: readonly string[],
  prepare: Prepare,
): Promise<WatchFigures> {
  const [program = '', ...rest] = [...task.argv, ...clusterArguments];
  const start = performance.now();
  const child = spawn(program, rest, { stdio: ['ignore', 'inherit', 'pipe'] });
  const log = new LogLines(child);
  const meter = new PeakMeter(child.pid ?? 0);
  try {
    const timer = setInterval(() => meter.sample(), 500);
    await log.next(line => line.isWhole === true);
    const firstSync = performance.now() - start;
    // From here on samples would slow down what is timed.
    clearInterval(timer);
    const milliseconds: number[] = [];
    for (let index = 0; index < task.changes; index += 1) {
      await sleep(300);
      milliseconds.push(await timeOf(endpointAddition(task, index * stride(task)), prepare, log));
      meter.sample();
    }
    return { milliseconds, firstSync, peak: meter.peak };
  } finally {
    child.kill('SIGTERM');
  }
}

/** Spreads the changes over all Services. */
const stride = ({ services, changes }: { readonly services: number; readonly changes: number }): number =>
  Math.floor(services / changes);

async function timeOf(change: EndpointAddition, prepare: Prepare, log: LogLines): Promise<number> {
  const sync = log.next(line => line.services?.includes(change.service) === true);
  const trigger = prepare(change);
  const start = performance.now();
  trigger();
  await sync;
  const time = performance.now() - start;
  if (!readFileSync('/proc/net/ip_vs', 'utf8').includes(change.realServer))
    throw new Error(`the sync of ${change.service} is logged, but the kernel lacks its real server`);
  return time;
}
