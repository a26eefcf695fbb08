import { type Figure, least, spreadOf } from '../../shared/figures.js';
import { type Size, sizeText } from '../cluster.js';
import { bareWriters, diffArguments, kproxySync } from '../contestants.js';
import type { Contestant, Times } from '../guest/task.js';
import type { Laboratory } from '../laboratory.js';
import { totals } from '../totals.js';

const ratioLimits: Readonly<Record<string, number>> = { '1000x5': 1.7, '10000x2': 1.4 };
/** Single runs differ by 3 %, which is what lies between a usual figure and its budget. */
const rounds = 5;

/** Measures the first sync of an empty node. */
export async function measureColdSync(laboratory: Laboratory, size: Size): Promise<readonly Figure[]> {
  const { sysctls } = await laboratory.prepare(size);
  const bare = bareWriters(laboratory, size);
  const kproxy = kproxySync(laboratory, size);
  const times: Record<string, Times[string][number][]> = { [bare.name]: [], [kproxy.name]: [] };
  const run = (contestant: Contestant) =>
    laboratory.withNode(async node => {
      // Only the tools are compared. Setting sysctls takes next to no time.
      if (contestant === bare) for (const { path, value } of sysctls) await node.writeFile(path, value);
      const { [contestant.name]: round = [] } = await node.run<Times>({
        is: 'race',
        contestants: [contestant],
        rounds: 1,
      });
      times[contestant.name]?.push(...round);
      // Checks once that the contestant did all of the work: diff fails if the node is not in sync.
      if (times[contestant.name]?.length === 1) await node.output(diffArguments(laboratory, size));
    });
  for (let round = 0; round < rounds; round += 1)
    for (const contestant of round % 2 === 0 ? [bare, kproxy] : [kproxy, bare]) await run(contestant);
  return [totalFigure(size, totals(times, bare.name), totals(times, kproxy.name)), ...stepFigures(size, times, bare)];
}

function totalFigure(size: Size, bare: readonly number[], kproxy: readonly number[]): Figure {
  const limit = ratioLimits[sizeText(size)];
  return {
    size: sizeText(size),
    name: 'cold sync, read-back included',
    value: least(kproxy),
    unit: 'ms',
    against: { name: 'the bare tools, fed with prepared files', value: least(bare) },
    ratio: least(kproxy) / least(bare),
    runs: spreadOf(kproxy),
    ...(limit === undefined ? {} : { budget: { of: 'ratio', limit, is: 'most' } }),
  };
}

const stepFigures = (size: Size, times: Times, { name, steps }: Contestant): readonly Figure[] =>
  steps.map(step => ({
    size: sizeText(size),
    name: `  bare: ${step.argv.join(' ')}`,
    value: least((times[name] ?? []).map(round => round[step.name] ?? Number.NaN)),
    unit: 'ms',
  }));
