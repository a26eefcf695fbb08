// Measures on the node that is programmed, inside the sandbox, so that the way from the host is not measured.
import { readFileSync } from 'node:fs';
import { waitUntilIdle } from './idle.js';
import { runKubeProxy } from './kube-proxy.js';
import { peakOf } from './memory.js';
import { race } from './race.js';
import type { Task } from './task.js';
import { watchApi, watchFile } from './watch.js';

const tasks: { readonly [Name in Task['is']]: (task: Extract<Task, { is: Name }>) => Promise<unknown> } = {
  race,
  memory: peakOf,
  watch: watchApi,
  'file-watch': watchFile,
  'kube-proxy': runKubeProxy,
  idle: waitUntilIdle,
};

const task = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Task;
const run = tasks[task.is] as (task: Task) => Promise<unknown>;
process.stdout.write(JSON.stringify((await run(task)) ?? null));
