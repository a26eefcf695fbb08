import { parseArgs } from 'node:util';
import type { Size } from './cluster.js';

const rowNames = ['start-up', 'cold', 'no-op', 'watch', 'processes', 'memory', 'explain'] as const;
type RowName = (typeof rowNames)[number];

/** The comparison with the tools, at several sizes. */
export interface FullOptions {
  readonly run: 'full';
  readonly output: Output;
  readonly sizes: readonly Size[];
  readonly rows: ReadonlySet<RowName>;
  readonly withKubeProxy: boolean;
  readonly record: boolean;
}

/** What kproxy costs by itself. */
export interface QuickOptions {
  readonly run: 'quick';
  readonly output: Output;
  readonly withTests: boolean;
}

type Output = 'table' | 'json';
export type Options = FullOptions | QuickOptions;

const defaultSizes = '1000x5,5000x2,10000x2';

export const usage = `usage:
  scripts/bench.sh [-o json] [--sizes SIZE,...] [--only ROW,...] [--with-kube-proxy] [--record]
  scripts/bench.sh --quick [-o json] [--tests]

Measures kproxy on the sandbox's kernel, and compares it with the tools that it runs and with the budgets.

  --sizes            clusters, as SERVICESxENDPOINTS; default: ${defaultSizes}
  --only             rows of the table; default: ${rowNames.join(',')}
  --with-kube-proxy  measure the real kube-proxy too, at the first size; takes a minute or more,
                     and needs scripts/build-kubernetes.sh kube-proxy kubectl
  --record           write the figures into the README; what was not measured stays as it was
  --quick            measure only start-up, and the processes of a sync of the lesson's cluster
  --tests            measure the lesson and all tests too; takes minutes
  -o, --output       table or json`;

const optionTypes = {
  output: { type: 'string', short: 'o' },
  sizes: { type: 'string' },
  only: { type: 'string' },
  'with-kube-proxy': { type: 'boolean' },
  record: { type: 'boolean' },
  quick: { type: 'boolean' },
  tests: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the command line. @throws Error that names the wrong option */
export function parseOptions(argv: readonly string[]): Options | 'help' {
  const { values } = parseArgs({ args: [...argv], options: optionTypes });
  const { help, quick, tests = false, output: outputText = 'table', ...full } = values;
  if (help) return 'help';
  const output = parseOutput(outputText);
  if (quick) {
    const [other] = Object.keys(full);
    if (other !== undefined) throw new Error(`--${other}: not with --quick`);
    return { run: 'quick', output, withTests: tests };
  }
  if (tests) throw new Error('--tests: only with --quick');
  const {
    sizes = defaultSizes,
    only = rowNames.join(','),
    record = false,
    'with-kube-proxy': kubeProxy = false,
  } = full;
  return {
    run: 'full',
    output,
    sizes: sizes.split(',').map(parseSize),
    rows: new Set(only.split(',').map(parseRow)),
    withKubeProxy: kubeProxy,
    record,
  };
}

function parseOutput(text: string): Output {
  if (text === 'json' || text === 'table') return text;
  throw new Error(`-o ${text}: json or table`);
}

function parseSize(text: string): Size {
  const [, services, endpoints] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  const size = { services: Number(services), endpoints: Number(endpoints) };
  // Twenty changes are spread over the Services, and the addresses of all endpoints are in one /16 network.
  if (!(size.services >= 20 && size.endpoints >= 1 && size.services * (size.endpoints + 1) < 65_000))
    throw new Error(`--sizes ${text}: SERVICESxENDPOINTS, from 20x1 up to 65,000 endpoints in all`);
  return size;
}

function parseRow(text: string): RowName {
  const name = rowNames.find(row => row === text);
  if (name === undefined) throw new Error(`--only ${text}: the rows are ${rowNames.join(', ')}`);
  return name;
}
