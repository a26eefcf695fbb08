import type { CommandResult } from '../../src/sandbox/sandbox.js';
import { machineOptions } from '../../src/tutorial/lab/guest/machine-options.js';
import { openMachines } from '../../src/tutorial/lab/open-machines.js';
import { type Machine, machines } from '../../src/tutorial/machines.js';

/** The lesson's machines and Pods as they are at its beginning, with kproxy and kubectl. */
export interface Stage {
  /**
   * Runs a line of `sh` on a machine or in a Pod, in the machine's own folder. Its standard error is part of the
   * output, as on a terminal. But the output is no terminal, so that no line is broken at a width.
   */
  run(machine: string, line: string): Promise<CommandResult>;
  writeFile(path: string, text: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Boots the machines. `dist` must be built.
 * @throws KproxyError sandbox-unavailable or sandbox-failed
 */
export async function openStage(): Promise<Stage> {
  const sandbox = await openMachines();
  return {
    run: (machine, line) => sandbox.run(['sh', '-c', `exec 2>&1\n${line}`], machineOptions(requireMachine(machine))),
    writeFile: (path, text) => sandbox.writeFile(path, text),
    close: () => sandbox.close(),
  };
}

function requireMachine(name: string): Machine {
  const machine = machines.find(each => each === name);
  if (machine === undefined) throw new Error(`${name} is no machine of the lesson: ${machines.join(', ')}`);
  return machine;
}
