import { quoteCommand } from '../../../src/script/quote.js';
import type { Figure } from '../../shared/figures.js';
import { type Size, sizeText } from '../cluster.js';
import { fileOf, syncArguments } from '../contestants.js';
import type { Laboratory } from '../laboratory.js';
import { ProgramCounter } from '../program-counter.js';

/** Counts the processes of a sync, the Node of kproxy included. The count must not grow with the cluster. */
export async function measureProcesses(laboratory: Laboratory, size: Size): Promise<readonly Figure[]> {
  await laboratory.prepare(size);
  return laboratory.withNode(async ({ writeFile, output }) => {
    const counter = new ProgramCounter({ writeFile, runLine: line => output(['sh', '-c', line]) });
    await counter.install();
    const count = async (name: string, cluster: string): Promise<Figure> => {
      const [, ...argv] = syncArguments(laboratory, '--from', fileOf(laboratory, size, cluster));
      // Started by its name, Node is counted too.
      const programs = await counter.programsOf(`${quoteCommand(['node', ...argv])} >/dev/null`);
      const note = programs.join(' ');
      return { size: sizeText(size), name: `processes: ${name}`, value: programs.length, unit: 'processes', note };
    };
    return [
      await count('cold sync', 'cluster.json'),
      await count('no-op sync', 'cluster.json'),
      await count('one change', 'changed.json'),
    ];
  });
}
