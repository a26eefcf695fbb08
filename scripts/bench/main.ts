// Measures kproxy against the tools that it runs and against the budgets. Started by scripts/bench.sh.
import { cpus, loadavg } from 'node:os';
import { messageOf } from '../../src/errors.js';
import { type Figure, verdictOf } from '../shared/figures.js';
import { report } from '../shared/progress.js';
import { tableOf } from '../shared/table.js';
import { measureAll } from './full.js';
import { type Options, parseOptions, usage } from './options.js';
import { measureQuickly } from './quick.js';
import { record } from './record.js';

function readOptions(): Options | 'help' {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    report(`bench: ${messageOf(error)}\n\n${usage}`);
    process.exit(2);
  }
}

type Machine = ReturnType<typeof describeMachine>;

function describeMachine(loadBefore: number) {
  const [processor] = cpus();
  return {
    processors: cpus().length,
    model: processor?.model ?? '',
    node: process.versions.node,
    load: [loadBefore, load()],
  };
}

const load = (): number => loadavg()[0] ?? 0;

function machineText({ processors, model, node, load }: Machine): string {
  const loads = load.map(value => value.toFixed(1)).join(' and ');
  return `${processors} processors (${model}), Node ${node}, load before and after ${loads}; times are the sandbox's`;
}

async function bench(options: Options): Promise<void> {
  const loadBefore = load();
  const figures = options.run === 'quick' ? await measureQuickly(options) : await measureAll(options);
  const machine = describeMachine(loadBefore);
  const run = { machine, figures: figures.map((figure: Figure) => ({ ...figure, verdict: verdictOf(figure) })) };
  if (options.run === 'full' && options.record) await record(run);
  const text =
    options.output === 'json' ? JSON.stringify(run, null, 2) : `${machineText(machine)}\n\n${tableOf(figures)}`;
  process.stdout.write(`${text}\n`);
}

// On exit the laboratory removes its files; death by a signal would leave them behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const options = readOptions();
if (options === 'help') process.stdout.write(`${usage}\n`);
else await bench(options);
