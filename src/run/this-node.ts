import { readFileSync, statSync } from 'node:fs';
import type { NodeAccess } from '../node/access.js';
import { DirectRunner } from './direct-runner.js';
import { isCode } from './error-code.js';
import { machineLimit } from './machine-limit.js';
import type { RunnerName, RunnerOptions, RunOptions } from './run-options.js';
import { ShellFirstRunner } from './shell-first-runner.js';
import type { ToolRunner } from './tool-runner.js';
import { ToolShell } from './tool-shell.js';

/** This machine. */
export interface ThisNode extends NodeAccess {
  /** Waits for the running tools and frees what they inherit. */
  end(): Promise<void>;
}

const runners: Readonly<Record<RunnerName, new (options: RunnerOptions) => ToolRunner>> = {
  direct: DirectRunner,
  shell: ToolShell,
  'shell-first': ShellFirstRunner,
};

/**
 * Returns the access to this machine. Tools run in the C locale and through sudo if that is wanted. No shell parses
 * their arguments.
 */
export function createThisNode({
  runner = 'direct',
  iptablesBackend,
  ...options
}: RunOptions & RunnerOptions): ThisNode {
  const tools = new runners[runner](options);
  return {
    canUnshare: !options.sudo,
    chosenBackend: iptablesBackend,
    run: command => tools.run(command),
    readFile: async path => readKernelFile(path),
    isReadOnly: async path => isReadOnly(path),
    end: () => tools.end(),
  };
}

/**
 * Reads a file of the kernel, which answers at once. Reading it asynchronously would cost four trips to another thread,
 * for a dozen files longer than all the reading.
 */
function readKernelFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw machineLimit(`${path} cannot be read`, error) ?? error;
  }
}

const anyWriteBit = 0o222;

/** The kernel refuses every write to a parameter without write bits, also that of root. */
function isReadOnly(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && (stats.mode & anyWriteBit) === 0;
}
