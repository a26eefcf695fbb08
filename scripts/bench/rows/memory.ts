import type { Figure } from '../../shared/figures.js';
import { type Size, sizeText } from '../cluster.js';
import { fileOf, syncArguments } from '../contestants.js';
import type { Peak } from '../guest/task.js';
import type { Laboratory } from '../laboratory.js';

/** Measures the peak memory of a one-shot sync's processes, with the cluster from a file and through kubectl. */
export async function measureMemory(
  laboratory: Laboratory,
  size: Size,
  hasKubectl: boolean,
): Promise<readonly Figure[]> {
  await laboratory.prepare(size);
  const cluster = fileOf(laboratory, size, 'cluster.json');
  const argv = syncArguments(laboratory);
  const fromFile = await laboratory.withNode(async node => {
    const task = { is: 'memory', argv: [...argv, '--from', cluster] } as const;
    const cold = await node.run<Peak>(task);
    return { 'cold sync from a file': cold, 'no-op sync from a file': await node.run<Peak>(task) };
  });
  const throughKubectl = hasKubectl
    ? await laboratory.withNode(async node => ({
        'cold sync through kubectl': await node.run<Peak>({ is: 'memory', argv, serve: cluster }),
      }))
    : {};
  return Object.entries({ ...fromFile, ...throughKubectl }).map(([name, peak]) => ({
    size: sizeText(size),
    name: `memory: ${name}`,
    value: peak.mebibytes,
    unit: 'MiB',
    budget: { of: 'value', limit: 250, is: 'most' },
    note: processesText(peak),
  }));
}

/** Returns the memory of each process: `node 180, ipset 4`. */
export const processesText = ({ processes }: Peak): string =>
  Object.entries(processes)
    .map(([name, mebibytes]) => `${name.split(' ')[0]} ${mebibytes.toFixed(0)}`)
    .join(', ');
