import { readFileSync } from 'node:fs';
import type { NodeAccess } from '../node/access.js';
import { isCode } from './error-code.js';
import { Launcher } from './launcher.js';
import type { RunOptions } from './run-options.js';

/** This machine. */
export interface ThisNode extends NodeAccess {
  /** Waits for what is at work, and lets go of what the tools inherit. */
  end(): Promise<void>;
}

/** This machine: tools are run one after another, through sudo where asked, in the C locale; nothing of their arguments is ever parsed by a shell. */
export function thisNode(options: RunOptions): ThisNode {
  const launcher = new Launcher(options);
  return {
    run: command => launcher.run(command),
    readFile: async path => readKernelFile(path),
    end: () => launcher.end(),
  };
}

/** The kernel answers at once: four ways to a thread and back for each of a dozen files would take longer than all the reading. */
function readKernelFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
