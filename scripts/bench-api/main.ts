// Measures what an API server sends to kproxy, and to kube-proxy. Started by scripts/bench-api.sh.
import { messageOf } from '../../src/errors.js';
import { verdictOf } from '../shared/figures.js';
import { report } from '../shared/progress.js';
import { tableOf } from '../shared/table.js';
import { figuresOf } from './figures.js';
import { type Options, parseOptions, usage } from './options.js';
import { record } from './record.js';
import { measureInSandbox } from './run-in-sandbox.js';

function readOptions(argv: readonly string[]): Options | 'help' {
  try {
    return parseOptions(argv);
  } catch (error) {
    report(`bench-api: ${messageOf(error)}\n\n${usage}`);
    process.exit(2);
  }
}

/** @param programs the folder of Kubernetes' programs */
async function bench({ nodes, output, record: isRecorded }: Options, programs: string): Promise<void> {
  const measurements = await measureInSandbox(process.cwd(), programs, nodes);
  if (isRecorded) await record({ measurements });
  const figures = figuresOf(measurements);
  const withVerdicts = figures.map(figure => ({ ...figure, verdict: verdictOf(figure) }));
  const text = output === 'json' ? JSON.stringify({ measurements, figures: withVerdicts }, null, 2) : tableOf(figures);
  process.stdout.write(`${text}\n`);
}

// On exit the sandbox ends; death by a signal would leave its files behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const [programs = '', ...argv] = process.argv.slice(2);
const options = readOptions(argv);
if (options === 'help') process.stdout.write(`${usage}\n`);
else
  await bench(options, programs).catch(error => {
    report(`bench-api: ${messageOf(error)}`);
    process.exitCode = 1;
  });
