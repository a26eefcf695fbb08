import type { Figure } from '../shared/figures.js';
import { extrapolate, figuresOf } from './figures.js';
import type { Measurement, Phase } from './guest/job.js';

/** A run of the benchmark: what was measured with each number of Nodes. */
export interface ApiBenchmarkRun {
  readonly measurements: readonly Measurement[];
}

const bytesText = (bytes: number): string => {
  const [amount, unit] = bytes < 1e6 ? [bytes / 1e3, 'KB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB'];
  return `${amount.toFixed(amount < 10 ? 1 : 0)} ${unit}`;
};

/** Returns the README's table, with a column for each number of Nodes. */
export function readmeTable({ measurements }: ApiBenchmarkRun): string {
  const columns = measurements.map(measurement => figuresOf([measurement]));
  const names = columns[0]?.map(({ name }) => name) ?? [];
  const cell = (figures: readonly Figure[], name: string): string => {
    const figure = figures.find(each => each.name === name);
    return figure === undefined ? '' : cellText(figure);
  };
  return [
    `| the API server sends to one node | ${measurements.map(({ nodes }) => `${nodes} Nodes`).join(' | ')} |`,
    `| --- | ${measurements.map(() => '---').join(' | ')} |`,
    ...names.map(name => `| ${titleOf(name)} | ${columns.map(figures => cell(figures, name)).join(' | ')} |`),
  ].join('\n');
}

const titleOf = (name: string): string => name.replace(/^(kproxy \w+), once$/, '`$1`, once');

function cellText({ value, against, ratio }: Figure): string {
  const amount = bytesText(value * 1_000);
  if (against === undefined || ratio === undefined) return amount;
  return `${amount}: ${ratio.toFixed(1)} × kube-proxy's ${bytesText(against.value * 1_000)}`;
}

const manyNodes = 5_000;
/** Ten flips were measured. In a rollout of 500 Pods each old one stops being ready, and each new one becomes ready. */
const flipsOfRollout = 1_000;
const measuredFlips = 10;

/**
 * Returns what 5,000 nodes cost together, computed from the figures of one node.
 * @throws Error if fewer than two sizes were measured
 */
export function manyNodesText({ measurements }: ApiBenchmarkRun): string {
  const [first, last] = [measurements[0], measurements.at(-1)];
  if (first === undefined || last === undefined || first === last) throw new Error('two numbers of Nodes are needed');
  const total = (phase: Phase, times: number) => {
    const of = (program: 'kproxy' | 'kubeProxy'): string => {
      const bytes = [first[program][phase].bytes, last[program][phase].bytes] as const;
      return bytesText(extrapolate(bytes, [first.nodes, last.nodes], manyNodes) * manyNodes * times);
    };
    return `${of('kproxy')} (kube-proxy: ${of('kubeProxy')})`;
  };
  const rollout = total('later flips', flipsOfRollout / measuredFlips);
  return [
    'Computed from these figures, for 5,000 nodes together: if all start at once, the API servers send',
    `${total('lists', 1)}. One heartbeat of every Node, each five minutes, costs ${total('later heartbeats', 1)}.`,
    `A rollout of the Service with 500 Pods changes readiness 1,000 times and costs ${rollout}.`,
  ].join(' ');
}

/** Returns the words above the table that say what was measured. */
export const clusterText = ({ measurements }: ApiBenchmarkRun): string =>
  `A Node has ${bytesText(measurements[0]?.nodeBytes ?? 0)} of JSON.`;
