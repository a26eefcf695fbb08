import { parseArgs } from 'node:util';
import type { Size } from './cluster.js';

export const rowNames = ['start-up', 'cold', 'no-op', 'watch', 'processes', 'memory'] as const;
export type RowName = (typeof rowNames)[number];

export interface Options {
  readonly output: 'table' | 'json';
  readonly sizes: readonly Size[];
  readonly rows: ReadonlySet<RowName>;
  readonly withKubeProxy: boolean;
  readonly record: boolean;
}

export const usage = `scripts/bench.sh [-o json] [--sizes 1000x5,5000x2,10000x2] [--only ${rowNames.join(',')}] [--with-kube-proxy] [--record]

Measures kproxy against the tools that it runs, on the sandbox's kernel, and against the budgets. --with-kube-proxy lets the
real one do the same at the first size; it takes a minute or more, and has to be built: scripts/build-kubernetes.sh kube-proxy kubectl. --record keeps the figures for the README and writes them into it`;

/** @throws Error that says what is wrong with the command line */
export function parseOptions(argv: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      output: { type: 'string', short: 'o', default: 'table' },
      sizes: { type: 'string', default: '1000x5,5000x2,10000x2' },
      only: { type: 'string', default: rowNames.join(',') },
      'with-kube-proxy': { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.output !== 'json' && values.output !== 'table') throw new Error(`-o ${values.output}: json or table`);
  return {
    output: values.output,
    sizes: values.sizes.split(',').map(parseSize),
    rows: new Set(values.only.split(',').map(parseRow)),
    withKubeProxy: values['with-kube-proxy'],
    record: values.record,
  };
}

function parseSize(text: string): Size {
  const [, services, endpoints] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  // A service's changes are spread over all of them, and its addresses lie in one network.
  const size = { services: Number(services), endpoints: Number(endpoints) };
  if (!(size.services >= 20 && size.endpoints >= 1 && size.services * (size.endpoints + 1) < 65_000))
    throw new Error(`--sizes ${text}: SERVICESxENDPOINTS, from 20x1 up to 65,000 endpoints in all`);
  return size;
}

function parseRow(text: string): RowName {
  const name = rowNames.find(row => row === text);
  if (name === undefined) throw new Error(`--only ${text}: there is ${rowNames.join(', ')}`);
  return name;
}
