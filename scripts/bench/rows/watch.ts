import { type Figure, spreadOf } from '../../shared/figures.js';
import { type Size, sizeText } from '../cluster.js';
import { fileOf, syncArguments } from '../contestants.js';
import type { WatchFigures } from '../guest/task.js';
import type { Laboratory } from '../laboratory.js';
import { processesText } from './memory.js';

const changes = 20;
const oneChange = 'one change in watch';
const fileEvent = 'event: the new file is put in place';
const apiEvent =
  'event: the API server writes it to its stream, from where kubectl passes it on; ' +
  'end: the log line after the last tool, then checked in the kernel';

/**
 * Measures changes under `sync --watch`: the median of twenty.
 * @param earlier figures of this run, with whose smallest size the change is compared
 */
export async function measureWatch(
  laboratory: Laboratory,
  size: Size,
  hasKubectl: boolean,
  earlier: readonly Figure[],
): Promise<readonly Figure[]> {
  await laboratory.prepare(size);
  const argv = syncArguments(laboratory, '--watch', '--log-format', 'json', '--sync-period', '1h');
  const task = { cluster: fileOf(laboratory, size, 'cluster.json'), ...size, changes, argv } as const;
  const byFile = await laboratory.withNode(node => node.run<WatchFigures>({ is: 'file-watch', ...task }));
  const fileFigure = changeFigure(size, `${oneChange}, the followed file replaced`, byFile, fileEvent);
  if (!hasKubectl) return [fileFigure];
  const byApi = await laboratory.withNode(node => node.run<WatchFigures>({ is: 'watch', ...task }));
  const smallest = earlier.find(({ name }) => name === oneChange);
  return [
    { ...changeFigure(size, oneChange, byApi, apiEvent), ...budgetOf(size, smallest, byApi) },
    fileFigure,
    {
      size: sizeText(size),
      name: 'memory: watch with kubectl, first sync and changes',
      value: byApi.peak.mebibytes,
      unit: 'MiB',
      budget: { of: 'value', limit: 220, is: 'most' },
      note: processesText(byApi.peak),
    },
    { size: sizeText(size), name: 'start of watch to the end of its first sync', value: byApi.firstSync, unit: 'ms' },
  ];
}

function changeFigure(size: Size, name: string, { milliseconds }: WatchFigures, note: string): Figure {
  const runs = spreadOf(milliseconds);
  return { size: sizeText(size), name, value: runs.median, unit: 'ms', runs, note };
}

/** Allows 60 ms at 1,000 × 5. At larger sizes a change may take one and a half times as long as at the smallest one. */
function budgetOf(size: Size, smallest: Figure | undefined, { milliseconds }: WatchFigures): Partial<Figure> {
  if (sizeText(size) === '1000x5') return { budget: { of: 'value', limit: 60, is: 'most' } };
  if (smallest === undefined) return {};
  return {
    against: { name: `the same at ${smallest.size}`, value: smallest.value },
    ratio: spreadOf(milliseconds).median / smallest.value,
    budget: { of: 'ratio', limit: 1.5, is: 'most' },
  };
}
