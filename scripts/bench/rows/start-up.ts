import { type Figure, spreadOf } from '../../shared/figures.js';
import { kproxyArguments } from '../contestants.js';
import type { Times } from '../guest/task.js';
import type { Laboratory } from '../laboratory.js';
import { totals } from '../totals.js';

const rounds = 15;
const bareNode = 'node -e 0';

/** Measures commands that do no more than start. */
export async function measureStartUp(laboratory: Laboratory): Promise<readonly Figure[]> {
  const commands = [
    { name: bareNode, argv: [process.execPath, '-e', '0'], limit: undefined },
    { name: 'kproxy --version', argv: kproxyArguments(laboratory, '--version'), limit: 1.4 },
    { name: 'kproxy sync --help', argv: kproxyArguments(laboratory, 'sync', '--help'), limit: 1.45 },
  ];
  const contestants = commands.map(({ name, argv }) => ({ name, steps: [{ name, argv }] }));
  const times = await laboratory.withNode(async node => {
    // The first start reads the programs from the disk.
    await node.run({ is: 'race', contestants, rounds: 1 });
    return node.run<Times>({ is: 'race', contestants, rounds });
  });
  const floor = spreadOf(totals(times, bareNode)).median;
  return commands.map(({ name, limit }): Figure => {
    const runs = spreadOf(totals(times, name));
    const figure = { size: '', name: `start-up: ${name}`, value: runs.median, unit: 'ms', runs } as const;
    if (limit === undefined) return figure;
    const against = { name: bareNode, value: floor };
    return { ...figure, against, ratio: runs.median / floor, budget: { of: 'ratio', limit, is: 'most' } };
  });
}
