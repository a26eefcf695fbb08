import { afterAll, beforeAll } from 'vitest';
import { buildNetwork } from '../../../src/sandbox/network/build-network.js';
import type { Topology } from '../../../src/sandbox/network/topology.js';
import { tutorialTopology } from '../../../src/sandbox/network/tutorial-topology.js';
import { openSandbox } from '../../../src/sandbox/open-sandbox.js';
import type { CommandOptions, Sandbox, SandboxOptions } from '../../../src/sandbox/sandbox.js';

/** The folder of a kernel for virtual machines. Without it all guests run User-Mode Linux. See scripts/test-nft.sh. */
const kernelFolder = process.env.KPROXY_TEST_KERNEL;
/** Which kind of machine a guest is. */
export const machine: SandboxOptions = kernelFolder === undefined ? {} : { virtualMachine: kernelFolder };

/** The limit for a hook or a test that boots a guest on a busy machine. */
export const bootMilliseconds = kernelFolder === undefined ? 60_000 : 300_000;

/**
 * Boots a guest before the tests of a file and ends it after them. If it does not boot, every test fails with the
 * reason.
 */
export function useSandbox(
  options: SandboxOptions = {},
  prepare: (sandbox: Sandbox) => Promise<void> = async () => {},
) {
  let current = (): Sandbox => {
    throw new Error('the sandbox exists only inside of tests');
  };
  let close = async () => {};
  beforeAll(async () => {
    try {
      const sandbox = await openSandbox({ ...machine, ...options });
      close = () => sandbox.close();
      await prepare(sandbox);
      current = () => sandbox;
    } catch (error) {
      current = () => {
        throw error;
      };
    }
  }, bootMilliseconds);
  afterAll(() => close(), bootMilliseconds);
  return (): Sandbox => current();
}

/** Boots a guest with a network in it, by default the tutorial's. */
export function useNetwork(topology: Topology = tutorialTopology, options: SandboxOptions = {}) {
  return useSandbox(options, sandbox => buildNetwork(sandbox, topology));
}

/** Runs a command that must succeed. Returns its standard output. */
export async function output(sandbox: Sandbox, argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await sandbox.run(argv, options);
  if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with exit code ${exitCode}: ${stderr}`);
  return stdout;
}

/** Runs commands that must succeed, from one shell, in which each starts faster. Returns what each prints. */
export async function outputs(
  sandbox: Sandbox,
  commands: readonly string[],
  options: CommandOptions = {},
): Promise<readonly string[]> {
  const script = commands.map(command => `${command}\nprintf '\\0'\n`).join('');
  const text = await output(sandbox, ['sh', '-euc', script], options);
  return text.split('\0').slice(0, -1);
}
