import { type Worker, workers } from '../../machines.js';
import type { KernelAnswer, Movement } from '../observed.js';
import { between, keysOf } from './lines.js';

type Answers = Readonly<Record<Worker, KernelAnswer>>;

/**
 * Returns what moved in the kernel's parameters. A module that is loaded brings its parameters to all machines, because
 * they share one kernel. What appears or disappears everywhere is one movement.
 */
export const movedSysctls = (before: Answers, after: Answers): readonly Movement[] =>
  namesIn(before, after).flatMap(name => {
    const values = workers.map(
      machine => [before[machine].sysctls.get(name), after[machine].sysctls.get(name)] as const,
    );
    const isOfModule = values.every(([one]) => one === undefined) || values.every(([, other]) => other === undefined);
    const [first] = values;
    if (isOfModule && first !== undefined && values.every(pair => pair.join() === first.join()))
      return between(`${workers.join(', ')}: /proc/sys/${name}`, ...first);
    return workers.flatMap((machine, index) => {
      const [one, other] = values[index] ?? [];
      return between(`${machine}: /proc/sys/${name}`, one, other);
    });
  });

const namesIn = (before: Answers, after: Answers): readonly string[] => [
  ...new Set(workers.flatMap(machine => keysOf(before[machine].sysctls, after[machine].sysctls))),
];
