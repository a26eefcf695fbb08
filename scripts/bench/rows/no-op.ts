import { type Figure, least, spreadOf } from '../../shared/figures.js';
import { type Size, sizeText } from '../cluster.js';
import { bareReaders, kproxySync, listParser, readerInNode } from '../contestants.js';
import type { Contestant, Times } from '../guest/task.js';
import type { Laboratory } from '../laboratory.js';
import { totals } from '../totals.js';

const rounds = 5;

/** Measures a sync with nothing to do, and syncs that add and remove one endpoint in turn. */
export async function measureNoOpSync(laboratory: Laboratory, size: Size): Promise<readonly Figure[]> {
  await laboratory.prepare(size);
  const sync = kproxySync(laboratory, size);
  const change = kproxySync(laboratory, size, 'changed.json');
  const parser = listParser(laboratory, size);
  const reader = readerInNode(laboratory, size);
  const [times, changes] = await laboratory.withNode(async node => {
    await node.run({ is: 'race', contestants: [sync], rounds: 1 });
    return [
      await node.run<Times>({ is: 'race', contestants: [bareReaders, parser, reader, sync], rounds }),
      // One contestant, because a race reverses its order every round: half of the syncs would have nothing to do.
      await node.run<Times>({ is: 'race', contestants: [oneAfterAnother(change, sync)], rounds: 3 }),
    ];
  });
  const floor = least(totals(times, bareReaders.name)) + least(totals(times, parser.name));
  const against = { name: 'reading with the bare tools, and JSON.parse', value: floor };
  const compare = (name: string, values: readonly number[]) =>
    ({ size: sizeText(size), name, value: least(values), unit: 'ms', against, ratio: least(values) / floor }) as const;
  const syncTimes = totals(times, sync.name);
  const changeTimes = (changes[both] ?? []).flatMap(round => Object.values(round));
  return [
    {
      ...compare('no-op sync', syncTimes),
      runs: spreadOf(syncTimes),
      budget: { of: 'ratio', limit: 1.5, is: 'most' },
    },
    ...stepFigures(size, times),
    { size: sizeText(size), name: '  node that parses the List', value: least(totals(times, parser.name)), unit: 'ms' },
    compare('  node that starts these tools, parses the List, and does no more', totals(times, reader.name)),
    { ...compare('one change, one-shot sync, read-back included', changeTimes), runs: spreadOf(changeTimes) },
  ];
}

const both = 'both';

const oneAfterAnother = (...contestants: readonly Contestant[]): Contestant => ({
  name: both,
  steps: contestants.flatMap(({ name, steps }) => steps.map(step => ({ ...step, name }))),
});

const stepFigures = (size: Size, times: Times): readonly Figure[] =>
  bareReaders.steps.map(step => ({
    size: sizeText(size),
    name: `  bare: ${step.argv.join(' ')}`,
    value: least((times[bareReaders.name] ?? []).map(round => round[step.name] ?? Number.NaN)),
    unit: 'ms',
  }));
