import { type Size, sizeText } from '../cluster.js';
import { bareReading, kproxySync, parsing, readingInNode } from '../contestants.js';
import { type Figure, least, spreadOf, totals } from '../figures.js';
import type { Times } from '../guest/task.js';
import type { Laboratory } from '../laboratory.js';

const rounds = 5;

/** A node on which all is as it should be, and the same with one endpoint more and one less in turn. */
export async function noOp(laboratory: Laboratory, size: Size): Promise<readonly Figure[]> {
  await laboratory.prepare(size);
  const sync = kproxySync(laboratory, size);
  const change = kproxySync(laboratory, size, 'changed.json');
  const parse = parsing(laboratory, size);
  const node = readingInNode(laboratory, size);
  const [times, changes] = await laboratory.onNewNode(async machine => {
    await machine.run({ is: 'race', contestants: [sync], rounds: 1 });
    return [
      await machine.run<Times>({ is: 'race', contestants: [bareReading, parse, node, sync], rounds }),
      // In alternating order every second sync would have nothing to do.
      await machine.run<Times>({
        is: 'race',
        contestants: [{ name: 'both', steps: bothSteps(change, sync) }],
        rounds: 3,
      }),
    ];
  });
  const floor = least(totals(times, bareReading.name)) + least(totals(times, parse.name));
  const against = { name: 'reading with the bare tools, and JSON.parse', value: floor };
  const oneChange = (changes.both ?? []).flatMap(round => Object.values(round));
  return [
    {
      ...common(size, totals(times, sync.name)),
      name: 'no-op sync',
      against,
      ratio: least(totals(times, sync.name)) / floor,
      budget: { of: 'ratio', limit: 1.5, is: 'most' },
    },
    ...bareReading.steps.map(
      (step): Figure => ({
        size: sizeText(size),
        name: `  bare: ${step.argv.join(' ')}`,
        value: least((times[bareReading.name] ?? []).map(round => round[step.name] ?? Number.NaN)),
        unit: 'ms',
      }),
    ),
    { size: sizeText(size), name: '  node that parses the List', value: least(totals(times, parse.name)), unit: 'ms' },
    {
      size: sizeText(size),
      name: '  node that starts these tools, parses the List, and does no more',
      value: least(totals(times, node.name)),
      unit: 'ms',
      against,
      ratio: least(totals(times, node.name)) / floor,
    },
    {
      ...common(size, oneChange),
      name: 'one change, one-shot sync, read-back included',
      against,
      ratio: least(oneChange) / floor,
    },
  ];
}

const bothSteps = (...contestants: readonly ReturnType<typeof kproxySync>[]) =>
  contestants.flatMap(({ name, steps }) => steps.map(step => ({ ...step, name })));

const common = (size: Size, values: readonly number[]) =>
  ({ size: sizeText(size), value: least(values), unit: 'ms', runs: spreadOf(values) }) as const;
