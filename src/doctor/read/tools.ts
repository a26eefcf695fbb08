import { KproxyError } from '../../errors.js';
import type { CommandResult, NodeAccess } from '../../node/access.js';
import { programOf } from '../../node/iptables-backend.js';
import { visible } from '../../visible.js';
import type { ToolFact } from '../facts.js';
import { reasonOf, unread } from './fact.js';

/** How each tool is asked for its version. `modprobe` is in the package kmod. */
const versionWords: readonly (readonly [tool: string, word: string])[] = [
  ['ip', '-V'],
  ['ipset', 'version'],
  ['iptables-save', '--version'],
  ['iptables-restore', '--version'],
  ['ip6tables-save', '--version'],
  ['ip6tables-restore', '--version'],
  ['ipvsadm', '--version'],
  ['modprobe', '--version'],
  ['conntrack', '--version'],
];

/** Reads which tools there are, and their versions. */
export const readTools = (node: NodeAccess): Promise<readonly ToolFact[]> =>
  Promise.all(
    versionWords.map(([name, word]) => readTool(node, programOf(name, node.chosenBackend ?? 'default'), word)),
  );

async function readTool(node: NodeAccess, name: string, word: string): Promise<ToolFact> {
  try {
    return toolFact(name, await node.run({ argv: [name, word] }));
  } catch (error) {
    const isMissing = error instanceof KproxyError && error.code === 'tool-missing' && error.message.startsWith(name);
    return { name, version: unread(reasonOf(error)), isMissing };
  }
}

/** How sudo says that a program is missing. */
const noProgram = /command not found/;

function toolFact(name: string, { exitCode, stdout, stderr }: CommandResult): ToolFact {
  const line = stdout.split('\n').find(text => /\d/.test(text));
  if (exitCode === 0 && line !== undefined)
    return { name, version: { is: 'read', value: visible(line.trim()) }, isMissing: false };
  const [said = ''] = stderr.trim().split('\n');
  return { name, version: unread(said || `it ended with exit status ${exitCode}`), isMissing: noProgram.test(stderr) };
}
