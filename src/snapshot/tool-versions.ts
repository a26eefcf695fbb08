import type { NodeAccess } from '../node/access.js';

const versionCommands = [
  ['ip', '-V'],
  ['ipset', 'version'],
  ['iptables', '--version'],
  ['ipvsadm', '--version'],
] as const;

/**
 * Returns what each tool prints as its version. A tool that is missing or fails is left out: the reading reports it.
 */
export async function toolVersions(node: NodeAccess): Promise<Record<string, string>> {
  const versions = await Promise.all(
    versionCommands.map(async argv => [argv[0], await firstLine(node, argv)] as const),
  );
  return Object.fromEntries(versions.filter(([, version]) => version !== ''));
}

async function firstLine(node: NodeAccess, argv: readonly string[]): Promise<string> {
  const result = await node.run({ argv }).catch(() => undefined);
  return result?.exitCode === 0 ? (result.stdout.split('\n')[0]?.trim() ?? '') : '';
}
