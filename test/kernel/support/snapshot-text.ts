import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { kproxy } from './kproxy.js';

/** Takes a snapshot of a node of the sandbox with the bundled kproxy. Returns its text. */
export async function snapshotText(sandbox: Sandbox, node: string): Promise<string> {
  const { exitCode, stdout, stderr } = await kproxy(sandbox, node, ['snapshot', '--node', node]);
  if (exitCode !== 0) throw new Error(`the snapshot of ${node} failed: ${stderr}`);
  return stdout;
}
