import { parseArgs } from 'node:util';
import { nodesWithPods } from './guest/cluster.js';

export interface Options {
  readonly output: 'table' | 'json';
  /** The numbers of Nodes, in ascending order. */
  readonly nodes: readonly number[];
  readonly record: boolean;
}

const defaultNodes = '100,300';
const [fewest, most] = [nodesWithPods, 1000];

export const usage = `usage: scripts/bench-api.sh [-o json] [--nodes NUMBER,...] [--record]

Measures what an API server sends to one node, to kproxy and to kube-proxy, in a sandbox with a real control plane.
Takes some minutes, and needs Go for the first build of Kubernetes' programs.

  --nodes        numbers of Nodes of the cluster, ${fewest} to ${most}, in ascending order; default: ${defaultNodes}
  --record       write the figures into the README; needs two numbers
  -o, --output   table, or json, which has every request`;

const optionTypes = {
  output: { type: 'string', short: 'o', default: 'table' },
  nodes: { type: 'string', default: defaultNodes },
  record: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the command line. @throws Error that names the wrong option */
export function parseOptions(argv: readonly string[]): Options | 'help' {
  const { values } = parseArgs({ args: [...argv], options: optionTypes });
  if (values.help) return 'help';
  const { output, record } = values;
  if (output !== 'json' && output !== 'table') throw new Error(`-o ${output}: json or table`);
  const nodes = parseNodes(values.nodes);
  if (record && nodes.length < 2) throw new Error('--record: needs two numbers of --nodes');
  return { output, nodes, record };
}

function parseNodes(text: string): readonly number[] {
  const numbers = text.split(',').map(part => (/^\d+$/.test(part) ? Number(part) : Number.NaN));
  const isAscending = numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
  if (!isAscending || !numbers.every(number => number >= fewest && number <= most))
    throw new Error(`--nodes ${text}: numbers from ${fewest} to ${most}, in ascending order`);
  return numbers;
}
