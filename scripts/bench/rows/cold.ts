import { type Size, sizeText } from '../cluster.js';
import { bareWriting, diffArguments, kproxySync } from '../contestants.js';
import { type Budget, type Figure, least, spreadOf, totals } from '../figures.js';
import type { Contestant, Times } from '../guest/task.js';
import type { Laboratory } from '../laboratory.js';

const budgets: Readonly<Record<string, number>> = { '1000x5': 1.7, '10000x2': 1.4 };
const rounds = 3;

/** A node with nothing on it, to all that the Services ask for. */
export async function cold(laboratory: Laboratory, size: Size): Promise<readonly Figure[]> {
  const { sysctls } = await laboratory.prepare(size);
  const bare = bareWriting(laboratory, size);
  const kproxy = kproxySync(laboratory, size);
  const times: Record<string, Times[string][number][]> = { [bare.name]: [], [kproxy.name]: [] };
  const run = (contestant: Contestant) =>
    laboratory.onNewNode(async node => {
      // The tools' part of a cold sync; echo would cost next to nothing.
      if (contestant === bare) for (const { path, value } of sysctls) await node.writeFile(path, value);
      const found = await node.run<Times>({ is: 'race', contestants: [contestant], rounds: 1 });
      times[contestant.name]?.push(...(found[contestant.name] ?? []));
      // Whoever leaves something out is no measure: diff ends with 1 where the node is not as it should be.
      if (times[contestant.name]?.length === 1) await node.output(diffArguments(laboratory, size));
    });
  for (let round = 0; round < rounds; round += 1)
    for (const contestant of round % 2 === 0 ? [bare, kproxy] : [kproxy, bare]) await run(contestant);
  const limit = budgets[sizeText(size)];
  return [
    figure(size, totals(times, bare.name), totals(times, kproxy.name), limit === undefined ? undefined : most(limit)),
    ...stepFigures(size, times, bare),
  ];
}

const most = (limit: number): Budget => ({ of: 'ratio', limit, is: 'most' });

function figure(size: Size, bare: readonly number[], kproxy: readonly number[], budget: Budget | undefined): Figure {
  return {
    size: sizeText(size),
    name: 'cold sync, read-back included',
    value: least(kproxy),
    unit: 'ms',
    against: { name: 'the bare tools, fed with prepared files', value: least(bare) },
    ratio: least(kproxy) / least(bare),
    runs: spreadOf(kproxy),
    ...(budget === undefined ? {} : { budget }),
  };
}

const stepFigures = (size: Size, times: Times, { name, steps }: Contestant): readonly Figure[] =>
  steps.map(step => ({
    size: sizeText(size),
    name: `  bare: ${step.argv.join(' ')}`,
    value: least((times[name] ?? []).map(round => round[step.name] ?? Number.NaN)),
    unit: 'ms',
  }));
