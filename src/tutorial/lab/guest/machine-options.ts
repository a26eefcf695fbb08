import type { Machine } from '../../machines.js';
import { guestPaths } from './paths.js';

export interface MachineOptions {
  readonly namespace: Machine;
  readonly hostname: Machine;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The learner's terminal decides neither what programs are found nor where a machine's files are. */
const notOfTheTerminal = /^(?:PATH|HOME|PWD|OLDPWD|SHLVL|KPROXY_.*|LD_.*|BASH.*|ENV|NODE_.*|PERL.*)$/;

/** Returns how a shell of the learner runs on a machine, with variables of the learner's terminal. */
export function machineOptions(machine: Machine, environment: Readonly<Record<string, string>> = {}): MachineOptions {
  const names = Object.keys(environment).filter(name => /^[A-Za-z_]\w*$/.test(name) && !notOfTheTerminal.test(name));
  const home = `${guestPaths.homes}/${machine}`;
  return {
    namespace: machine,
    hostname: machine,
    cwd: home,
    env: {
      TERM: 'dumb',
      ...Object.fromEntries(names.map(name => [name, environment[name] ?? ''])),
      HOME: home,
      KPROXY_KEPT: `${guestPaths.kept}/${machine}`,
      KPROXY_NOT_KEPT: ['TERM', ...names].join(' '),
    },
  };
}
