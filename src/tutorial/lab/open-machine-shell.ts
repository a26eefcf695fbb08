import { hangUpExitCode } from '../../sandbox/command-events.js';
import type { Sandbox } from '../../sandbox/sandbox.js';
import type { Machine } from '../machines.js';
import { execInteractiveShell } from './guest/interactive-script.js';
import { machineOptions } from './guest/machine-options.js';
import type { Shell, ShellOptions } from './lab.js';

/** Opens an interactive shell on a machine. */
export function openMachineShell(
  sandbox: Sandbox,
  machine: Machine,
  { size, environment, onOutput }: ShellOptions,
): Shell {
  const terminal = sandbox.openTerminal(['sh', '-c', execInteractiveShell], {
    ...machineOptions(machine, environment),
    size,
    onOutput,
  });
  return {
    write: bytes => terminal.write(bytes),
    resize: newSize => terminal.resize(newSize),
    hangUp: () => terminal.hangUp(),
    ended: terminal.ended.then(
      ({ exitCode }) => exitCode,
      () => hangUpExitCode,
    ),
  };
}
