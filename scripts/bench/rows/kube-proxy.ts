import { type Figure, spreadOf } from '../../shared/figures.js';
import { type Size, sizeText } from '../cluster.js';
import { fileOf } from '../contestants.js';
import type { WatchFigures } from '../guest/task.js';
import type { Laboratory } from '../laboratory.js';

/**
 * Measures the real kube-proxy, once.
 * @param program path of kube-proxy
 * @param kproxyFigures figures of this run, which it is compared with
 */
export async function measureKubeProxy(
  laboratory: Laboratory,
  size: Size,
  program: string,
  kproxyFigures: readonly Figure[],
): Promise<readonly Figure[]> {
  await laboratory.prepare(size);
  const task = { cluster: fileOf(laboratory, size, 'cluster.json'), ...size, changes: 3, argv: [program] } as const;
  const { firstSync, milliseconds, peak } = await laboratory.withNode(node =>
    node.run<WatchFigures>({ is: 'kube-proxy', ...task }),
  );
  const runs = spreadOf(milliseconds);
  const figureOfKproxy = (start: string) =>
    kproxyFigures.find(figure => figure.name.startsWith(start) && figure.size === sizeText(size));
  return [
    {
      size: sizeText(size),
      name: 'kube-proxy, first sync',
      value: firstSync,
      unit: 'ms',
      note: "from kube-proxy's own metrics, without its start",
      ...comparison(figureOfKproxy('cold sync'), firstSync, 25),
    },
    {
      size: sizeText(size),
      name: 'kube-proxy, one change',
      value: runs.median,
      unit: 'ms',
      runs,
      note: 'from the event to the kernel, which is read every 100 ms',
      ...comparison(figureOfKproxy('one change in watch'), runs.median, 10),
    },
    { size: sizeText(size), name: 'memory: kube-proxy', value: peak.mebibytes, unit: 'MiB' },
  ];
}

/** @param limit how many times faster kproxy must be */
const comparison = (kproxy: Figure | undefined, kubeProxy: number, limit: number): Partial<Figure> =>
  kproxy === undefined
    ? {}
    : {
        against: { name: `kproxy, ${kproxy.name}`, value: kproxy.value },
        ratio: kubeProxy / kproxy.value,
        budget: { of: 'ratio', limit, is: 'least' },
      };
