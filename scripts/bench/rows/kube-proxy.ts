import { type Size, sizeText } from '../cluster.js';
import { fileOf } from '../contestants.js';
import { type Figure, spreadOf } from '../figures.js';
import type { WatchFigures } from '../guest/task.js';
import type { Laboratory } from '../laboratory.js';

/** What kproxy is to be faster than, by its figures of the same run. */
export interface Ours {
  readonly cold: Figure | undefined;
  readonly change: Figure | undefined;
}

/** The real kube-proxy, once. */
export async function kubeProxy(
  laboratory: Laboratory,
  size: Size,
  program: string,
  ours: Ours,
): Promise<readonly Figure[]> {
  await laboratory.prepare(size);
  const task = { cluster: fileOf(laboratory, size, 'cluster.json'), ...size, changes: 3, argv: [program] } as const;
  const { firstSync, milliseconds, peak } = await laboratory.onNewNode(node =>
    node.run<WatchFigures>({ is: 'kube-proxy', ...task }),
  );
  const runs = spreadOf(milliseconds);
  return [
    {
      size: sizeText(size),
      name: 'kube-proxy, first sync',
      value: firstSync,
      unit: 'ms',
      note: 'as it says itself, without its start',
      ...times(ours.cold, firstSync, 25),
    },
    {
      size: sizeText(size),
      name: 'kube-proxy, one change',
      value: runs.median,
      unit: 'ms',
      runs,
      note: 'from the event to the kernel, which is looked at every 100 ms',
      ...times(ours.change, runs.median, 10),
    },
    { size: sizeText(size), name: 'memory: kube-proxy', value: peak.mebibytes, unit: 'MiB' },
  ];
}

const times = (ours: Figure | undefined, theirs: number, limit: number): Partial<Figure> =>
  ours === undefined
    ? {}
    : {
        against: { name: `kproxy, ${ours.name}`, value: ours.value },
        ratio: theirs / ours.value,
        budget: { of: 'ratio', limit, is: 'least' },
      };
