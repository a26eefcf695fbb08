// Runs in the sandbox, on the node that is programmed: measures there, so that no way to the host is in the figures.
import { readFileSync } from 'node:fs';
import { untilIdle } from './idle.js';
import { kubeProxy } from './kube-proxy.js';
import { peakOf } from './memory.js';
import { race } from './race.js';
import type { Task } from './task.js';
import { watchApi, watchFile } from './watch.js';

const tasks: { readonly [Name in Task['is']]: (task: Extract<Task, { is: Name }>) => Promise<unknown> } = {
  race,
  memory: peakOf,
  watch: watchApi,
  'file-watch': watchFile,
  'kube-proxy': kubeProxy,
  idle: untilIdle,
};

const task = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Task;
const run = tasks[task.is] as (task: Task) => Promise<unknown>;
process.stdout.write(JSON.stringify((await run(task)) ?? null));
