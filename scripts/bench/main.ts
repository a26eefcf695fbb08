// Measures kproxy against the tools that it runs, and against the budgets. Started by scripts/bench.sh.
import { existsSync } from 'node:fs';
import { cpus, homedir, loadavg } from 'node:os';
import { join } from 'node:path';
import { sizeText } from './cluster.js';
import { type Figure, verdictOf } from './figures.js';
import { type Laboratory, openLaboratory } from './laboratory.js';
import { type Options, parseOptions, usage } from './options.js';
import { record } from './record.js';
import { cold } from './rows/cold.js';
import { kubeProxy } from './rows/kube-proxy.js';
import { memory } from './rows/memory.js';
import { noOp } from './rows/no-op.js';
import { processes } from './rows/processes.js';
import { startUp } from './rows/start-up.js';
import { watch } from './rows/watch.js';
import { lineOf, tableOf } from './table.js';

const cache = process.env.KPROXY_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'kproxy');
const programs = join(cache, 'kubernetes-v1.37.2');
const has = (program: string): boolean => existsSync(join(programs, program));

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

async function measure(options: Options): Promise<readonly Figure[]> {
  const laboratory = await openLaboratory(process.cwd(), existsSync(programs) ? [programs] : []);
  try {
    if (has('kubectl')) await laboratory.addPrograms(programs, ['kubectl']);
    else tell('without kubectl (scripts/build-kubernetes.sh kubectl) nothing is measured through it');
    return await figuresOf(laboratory, options);
  } finally {
    await laboratory.close();
  }
}

async function figuresOf(laboratory: Laboratory, { rows, sizes, withKubeProxy }: Options): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const add = async (name: string, row: Promise<readonly Figure[]>): Promise<void> => {
    tell(`${name} …`);
    // What has been measured is not lost because something else cannot be.
    const failed = (error: unknown): readonly Figure[] => {
      tell(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
      return [];
    };
    const found = await row.catch(failed);
    for (const figure of found) tell(`  ${lineOf(figure)}`);
    figures.push(...found);
  };
  const named = (start: string, size: string) => figures.find(one => one.name.startsWith(start) && one.size === size);
  if (rows.has('start-up')) await add('start-up', startUp(laboratory));
  for (const size of sizes) {
    const text = sizeText(size);
    if (rows.has('cold')) await add(`${text}: cold`, cold(laboratory, size));
    if (rows.has('no-op')) await add(`${text}: no-op`, noOp(laboratory, size));
    const smallest = figures.find(({ name }) => name === 'one change in watch');
    if (rows.has('watch')) await add(`${text}: watch`, watch(laboratory, size, has('kubectl'), smallest));
    if (rows.has('processes')) await add(`${text}: processes`, processes(laboratory, size));
    if (rows.has('memory')) await add(`${text}: memory`, memory(laboratory, size, has('kubectl')));
  }
  const [first] = sizes;
  if (withKubeProxy && first !== undefined) {
    const ours = {
      cold: named('cold sync', sizeText(first)),
      change: named('one change in watch', sizeText(first)),
    };
    await add('kube-proxy', kubeProxy(laboratory, first, join(programs, 'kube-proxy'), ours));
  }
  return figures;
}

function readOptions(): Options | 'help' {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    tell(`bench: ${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

// An exit clears up, the end by a signal would not.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const options = readOptions();
if (options === 'help') process.stdout.write(`${usage}\n`);
else {
  const loadBefore = loadavg()[0] ?? 0;
  const figures = await measure(options);
  const machine = {
    processors: cpus().length,
    model: cpus()[0]?.model ?? '',
    node: process.versions.node,
    load: [loadBefore, loadavg()[0] ?? 0],
  };
  const judged = figures.map(figure => ({ ...figure, verdict: verdictOf(figure) }));
  if (options.record) await record({ machine, figures: judged });
  if (options.output === 'json') process.stdout.write(`${JSON.stringify({ machine, figures: judged }, null, 2)}\n`);
  else {
    const load = machine.load.map(one => one.toFixed(1)).join(' and ');
    process.stdout.write(
      `${machine.processors} processors (${machine.model}), Node ${machine.node}, load before and after ${load}; times are the sandbox's\n\n${tableOf(figures)}\n`,
    );
  }
}
