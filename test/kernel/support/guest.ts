import { afterAll, beforeAll } from 'vitest';
import { buildNetwork } from '../../../src/sandbox/network/build-network.js';
import { chapterTopology } from '../../../src/sandbox/network/chapter-topology.js';
import type { Topology } from '../../../src/sandbox/network/topology.js';
import { openSandbox } from '../../../src/sandbox/open-sandbox.js';
import type { CommandOptions, Sandbox, SandboxOptions } from '../../../src/sandbox/sandbox.js';

/** Time for a hook or a test that boots a guest on a busy machine. */
export const bootMilliseconds = 60_000;

/** A guest of this test file's own: booted before its tests, ended after them. Without the kernel's package the tests fail. */
export function useSandbox(
  options: SandboxOptions = {},
  prepare: (sandbox: Sandbox) => Promise<void> = async () => {},
) {
  let opened: Sandbox | undefined;
  beforeAll(async () => {
    opened = await openSandbox(options);
    await prepare(opened);
  }, bootMilliseconds);
  afterAll(async () => opened?.close(), bootMilliseconds);
  return (): Sandbox => {
    if (!opened) throw new Error('the sandbox is there only inside of tests');
    return opened;
  };
}

/** The same with a network in it, by default the chapter's. */
export function useNetwork(topology: Topology = chapterTopology, options: SandboxOptions = {}) {
  return useSandbox(options, sandbox => buildNetwork(sandbox, topology));
}

/** Runs a command that has to succeed, and gives its standard output. */
export async function output(sandbox: Sandbox, argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await sandbox.run(argv, options);
  if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with exit code ${exitCode}: ${stderr}`);
  return stdout;
}
