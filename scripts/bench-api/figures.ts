import type { Figure } from '../shared/figures.js';
import { type Measurement, oneShots, type Phase, phases, type Traffic } from './guest/job.js';

/** The most that kproxy may get, compared with kube-proxy: JSON is longer than protobuf. */
const ratioLimit = 2.5;
/** The most that what kproxy gets may differ between the sizes. Bookmarks come at any time. */
const growthLimit = 1.1;

const phaseNames: Readonly<Record<Phase, string>> = {
  lists: 'start',
  heartbeats: 'one heartbeat of every Node',
  flips: 'ten readiness flips of one Pod',
  renewal: 'connections cut, watches renewed',
  'later heartbeats': 'then one heartbeat of every Node',
  'later flips': 'then ten readiness flips of one Pod',
  'quiet minute': 'a quiet minute',
};
const phasesWithBudget: readonly Phase[] = ['lists', 'heartbeats', 'flips', 'later heartbeats', 'later flips'];

const sizeText = (nodes: number): string => `${nodes} nodes`;

/** Returns what was measured as figures: in kilobytes, compared with kube-proxy, and with the smallest cluster. */
export const figuresOf = (measurements: readonly Measurement[]): readonly Figure[] => [
  ...measurements.flatMap(measurement => [
    ...phases.map(phase => phaseFigure(measurement, phase)),
    ...oneShots.map(command => oneShotFigure(measurement, command)),
  ]),
  ...growthFigures(measurements),
];

const kilobytes = (bytes: number): number => bytes / 1_000;

function phaseFigure({ nodes, kproxy, kubeProxy }: Measurement, phase: Phase): Figure {
  const [own, other] = [kproxy[phase], kubeProxy[phase]];
  return {
    size: sizeText(nodes),
    name: phaseNames[phase],
    value: kilobytes(own.bytes),
    unit: 'KB',
    against: { name: 'kube-proxy', value: kilobytes(other.bytes) },
    ratio: own.bytes / other.bytes,
    ...(phasesWithBudget.includes(phase) && { budget: { of: 'ratio', limit: ratioLimit, is: 'most' } }),
    note: requestsText(phase, own, other),
  };
}

function requestsText(phase: Phase, own: Traffic, other: Traffic): string {
  const counts = `requests: kproxy ${own.requests.length}, kube-proxy ${other.requests.length}`;
  const isDisturbed = phase !== 'lists' && phase !== 'renewal' && own.requests.length + other.requests.length > 0;
  return isDisturbed ? `${counts}; disturbed: a watch was renewed meanwhile` : counts;
}

const oneShotFigure = ({ nodes, oneShots }: Measurement, command: keyof Measurement['oneShots']): Figure => ({
  size: sizeText(nodes),
  name: `kproxy ${command}, once`,
  value: kilobytes(oneShots[command].bytes),
  unit: 'KB',
  note: `requests: ${oneShots[command].requests.length}`,
});

function growthFigures(measurements: readonly Measurement[]): readonly Figure[] {
  const [first, last] = [measurements[0], measurements.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  return phasesWithBudget.map(phase => ({
    size: `${first.nodes} to ${sizeText(last.nodes)}`,
    name: `growth: ${phaseNames[phase]}`,
    value: last.kproxy[phase].bytes / first.kproxy[phase].bytes,
    unit: '×',
    budget: { of: 'value', limit: growthLimit, is: 'most' },
  }));
}

/**
 * Returns the bytes that one node gets in a larger cluster with the same Services. If they do not grow between the two
 * measured sizes, they are the same there; else they grow by as much for each further Node.
 */
export function extrapolate(bytes: readonly [number, number], nodes: readonly [number, number], to: number): number {
  const [few, many] = bytes;
  if (many <= few * growthLimit) return many;
  return many + ((many - few) / (nodes[1] - nodes[0])) * (to - nodes[1]);
}
