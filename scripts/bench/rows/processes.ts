import { counters, install, record, shim } from '../../measure/processes.js';
import { type Size, sizeText } from '../cluster.js';
import { fileOf, syncArguments } from '../contestants.js';
import type { Figure } from '../figures.js';
import type { Laboratory } from '../laboratory.js';

/** How many programs a sync starts, kproxy's own node included: a number that must not grow with the cluster. */
export async function processes(laboratory: Laboratory, size: Size): Promise<readonly Figure[]> {
  await laboratory.prepare(size);
  return laboratory.onNewNode(async node => {
    await node.writeFile('/run/shim', shim);
    await node.output(['sh', '-c', install]);
    const count = async (name: string, cluster: string): Promise<Figure> => {
      const argv = syncArguments(laboratory, '--from', fileOf(laboratory, size, cluster));
      const line = `: > ${record}; PATH=${counters}:$PATH; shift; node "$@" >/dev/null`;
      await node.output(['sh', '-c', line, 'sh', ...argv]);
      const started = (await node.output(['cat', record])).split('\n').filter(Boolean);
      const figure = { size: sizeText(size), name: `processes: ${name}`, value: started.length, unit: 'processes' };
      return { ...figure, unit: 'processes', note: started.join(' ') };
    };
    return [
      await count('cold sync', 'cluster.json'),
      await count('no-op sync', 'cluster.json'),
      await count('one change', 'changed.json'),
    ];
  });
}
