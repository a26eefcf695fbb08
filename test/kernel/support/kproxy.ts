import { fileURLToPath } from 'node:url';
import type { CommandResult, Sandbox } from '../../../src/sandbox/sandbox.js';

/** The bundle that users run. `node scripts/build.js` builds it before the tests. */
export const kproxyProgram = fileURLToPath(new URL('../../../dist/kproxy.js', import.meta.url));

/** Runs the bundled kproxy on a node of the sandbox. */
export const kproxy = (
  sandbox: Sandbox,
  node: string,
  argv: readonly string[],
  input?: string,
): Promise<CommandResult> =>
  sandbox.run([process.execPath, kproxyProgram, ...argv], {
    namespace: node,
    ...(input === undefined ? {} : { input }),
  });
