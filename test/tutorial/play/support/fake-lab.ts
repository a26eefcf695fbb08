import type { Lab, LabCommand, Ran } from '../../../../src/tutorial/lab/lab.js';
import type { Machine } from '../../../../src/tutorial/machines.js';
import type { KernelAnswer, Observation } from '../../../../src/tutorial/observe/observed.js';

const nothing: KernelAnswer = {
  sets: new Map(),
  chains: new Map(),
  links: new Map(),
  virtualServers: new Map(),
  sysctls: new Map(),
};

/** A lab whose only state is a set of names. */
export interface FakeLab extends Lab {
  /** What was called, in order. */
  readonly calls: string[];
  readonly names: Set<string>;
  run: Lab['run'];
}

/**
 * `add NAME` and `remove NAME` change the state, and fail if there is nothing to change. `say TEXT` prints. `fail CODE`
 * ends with a code. `hang` ends when it is interrupted. `sudo su` makes the shell root's.
 */
export function fakeLab({ isRecorded = false }: { readonly isRecorded?: boolean } = {}): FakeLab {
  const calls: string[] = [];
  const names = new Set<string>();
  const rootShells = new Set<Machine>();
  const execute = (machine: Machine, line: string): Ran => {
    const [program = '', ...words] = line.split(/[ \n]+/);
    const argument = words.join(' ');
    const ended = (exitCode: number, output = ''): Ran => ({ output, exitCode, timedOut: false });
    if (program === 'add' && names.has(argument)) return ended(1, 'exists\n');
    if (program === 'add') names.add(argument);
    if (program === 'remove') return ended(names.delete(argument) ? 0 : 1);
    if (program === 'say') return ended(0, `${argument}\n`);
    if (program === 'fail') return ended(Number(argument));
    if (line === 'sudo su') rootShells.add(machine);
    if (program === 'add' || program === 'sudo') return ended(0);
    return ended(127, `${program}: not found\n`);
  };
  return {
    calls,
    names,
    isRecorded,
    release: '6.1.0-fake',
    async run(machine, line, { signal, onOutput } = {}) {
      calls.push(`${machine}: ${line}`);
      if (line === 'hang') await new Promise(resolve => signal?.addEventListener('abort', resolve));
      const ran = line === 'hang' ? { output: '^C\n', exitCode: 130, timedOut: false } : execute(machine, line);
      onOutput?.(ran.output);
      return ran;
    },
    observe: async (): Promise<Observation> => ({
      workers: { inajob: nothing, yuanying: nothing },
      objects: new Map([...names].map(name => [`name/${name}`, {}])),
      rootShells: new Set(rootShells),
    }),
    openShell: () => {
      throw new Error('the fake lab has no shells');
    },
    async restart(commands: readonly LabCommand[]) {
      calls.push(`restart: ${commands.map(({ on, command }) => `${on} ${command}`).join(', ')}`);
      names.clear();
      rootShells.clear();
      for (const { on, command } of commands) execute(on, command);
    },
    async close() {
      calls.push('close');
    },
  };
}
