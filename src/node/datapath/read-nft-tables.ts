import type { NodeAccess } from '../access.js';

/** The tables of iptables-nft, which iptables-save shows, and those for other packets than IP. */
const shownElsewhere = /^(?:ip6? (?:raw|mangle|nat|filter|security)|(?:arp|netdev) .+)$/;

/**
 * Returns lines for the rules of nft that iptables-save does not show: firewalld's, or those of kube-proxy's nftables
 * mode. Packets pass them too. A kernel without nf_tables has none and needs no process.
 */
export async function unreadNftTables(node: NodeAccess): Promise<readonly string[]> {
  if ((await node.readFile('/sys/module/nf_tables/refcnt')) === undefined) return [];
  const result = await node.run({ argv: ['nft', 'list', 'tables'] }).catch(() => undefined);
  if (result?.exitCode !== 0) return ['rules of nft that are not of iptables: the tool nft cannot list them'];
  const tables = Array.from(result.stdout.matchAll(/^table (.+)$/gm), ([, name = '']) => name);
  return tables.filter(name => !shownElsewhere.test(name)).map(name => `rules of nft in the table ${name}`);
}
