import { type Table, table } from '../../../table.js';
import { type Worker, workers } from '../../machines.js';
import type { KernelAnswer, Movement } from '../observed.js';
import { between } from './lines.js';

type Answers = Readonly<Record<Worker, KernelAnswer>>;

/** The folder of the parameters that the module ip_vs brings. */
const folder = '/proc/sys/net/ipv4/vs';

/** What the parameters are once the module is loaded. */
const initial: Table<string> = table({
  'net/ipv4/vs/conntrack': '0',
  'net/ipv4/vs/conn_reuse_mode': '1',
  'net/ipv4/vs/expire_nodest_conn': '0',
  'net/ipv4/vs/expire_quiescent_template': '0',
});

/**
 * Returns what moved in the kernel's parameters. A module that is loaded brings its parameters to all machines, because
 * they share one kernel. That is one movement, besides those of the parameters that were set since.
 */
export const movedSysctls = (before: Answers, after: Answers): readonly Movement[] => {
  const where = `${workers.join(', ')}: module ip_vs`;
  const [had, has] = [hasModule(before), hasModule(after)];
  return [
    ...between(where, had ? folder : undefined, has ? folder : undefined),
    ...workers.flatMap(machine => movedOn(machine, before[machine].sysctls, after[machine].sysctls)),
  ];
};

const hasModule = (answers: Answers): boolean =>
  workers.some(machine => [...answers[machine].sysctls.keys()].some(name => name in initial));

type Sysctls = KernelAnswer['sysctls'];

const movedOn = (machine: Worker, before: Sysctls, after: Sysctls): readonly Movement[] =>
  [...after].flatMap(([name, value]) =>
    between(`${machine}: /proc/sys/${name}`, before.get(name) ?? initial[name], value),
  );
