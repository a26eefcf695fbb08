import { KproxyError } from '../../errors.js';
import type { NodeAccess } from '../access.js';
import type { Command } from '../command.js';

/**
 * Hides /etc in a mount namespace of the command's own, which ends with it. Mounts that are removed elsewhere in the
 * meantime are removed there too (`slave`).
 */
const withoutEtc = (argv: readonly string[]): readonly string[] => [
  ...['unshare', '--mount', '--propagation', 'slave'],
  ...['sh', '-c', 'mount -t tmpfs tmpfs /etc && exec "$@"', 'sh'],
  ...argv,
];

/**
 * Returns the same node, on which commands find no names of protocols and print their numbers, if that is possible.
 * glibc opens, reads and closes /etc/protocols for each name, and `ipset save` looks one up for every entry. MEASURED
 *
 * A command that fails without /etc, for whatever reason, runs again with it: a container may not mount, and a system
 * may need files of /etc to start a program.
 */
export const withoutProtocolNames = (node: NodeAccess): NodeAccess =>
  node.canUnshare ? { ...node, run: async command => (await runWithoutEtc(node, command)) ?? node.run(command) } : node;

async function runWithoutEtc(node: NodeAccess, command: Command) {
  try {
    const result = await node.run({ ...command, argv: withoutEtc(command.argv) });
    return result.exitCode === 0 ? result : undefined;
  } catch (error) {
    if (error instanceof KproxyError && error.code === 'tool-missing') return undefined;
    throw error;
  }
}
