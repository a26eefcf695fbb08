import { type CleanupOptions, runCleanup } from '../../src/commands/cleanup.js';
import type { FakeNode } from './fake-node/index.js';
import { outcomeOf } from './run-command.js';
import type { Outcome } from './run-sync.js';

/** Runs `kproxy cleanup` on a node as the command line does. */
export const cleanup = (node: FakeNode, options: Partial<CleanupOptions> = {}): Promise<Outcome> =>
  outcomeOf(io =>
    runCleanup(
      { nodeName: 'inajob', excludeCidrs: [], dryRun: false, script: 'batch', sudo: false, ...options },
      node,
      io,
    ),
  );
