import { afterAll, beforeAll } from 'vitest';
import { buildNetwork } from '../../../src/sandbox/network/build-network.js';
import { tutorialTopology } from '../../../src/sandbox/network/tutorial-topology.js';
import type { Topology } from '../../../src/sandbox/network/topology.js';
import { openSandbox } from '../../../src/sandbox/open-sandbox.js';
import type { CommandOptions, Sandbox, SandboxOptions } from '../../../src/sandbox/sandbox.js';

/** Folder of a kernel for a virtual machine, which all guests are then; without it they run User-Mode Linux. See scripts/test-nft.sh. */
const kernelFolder = process.env.KPROXY_TEST_KERNEL;
const machine: SandboxOptions = kernelFolder === undefined ? {} : { virtualMachine: kernelFolder };

/** Time for a hook or a test that boots a guest on a busy machine. */
export const bootMilliseconds = kernelFolder === undefined ? 60_000 : 300_000;

/** A guest of this test file's own: booted before its tests, ended after them. Where it does not boot, every test fails with the reason. */
export function useSandbox(
  options: SandboxOptions = {},
  prepare: (sandbox: Sandbox) => Promise<void> = async () => {},
) {
  let current = (): Sandbox => {
    throw new Error('the sandbox is there only inside of tests');
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

/** The same with a network in it, by default the chapter's. */
export function useNetwork(topology: Topology = tutorialTopology, options: SandboxOptions = {}) {
  return useSandbox(options, sandbox => buildNetwork(sandbox, topology));
}

/** Runs a command that has to succeed, and gives its standard output. */
export async function output(sandbox: Sandbox, argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await sandbox.run(argv, options);
  if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with exit code ${exitCode}: ${stderr}`);
  return stdout;
}
