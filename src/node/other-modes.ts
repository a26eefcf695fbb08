import { type Table, table } from '../table.js';
import { plural, someText } from '../text.js';
import type { NodeAccess } from './access.js';

/** The chains that kube-proxy's iptables mode alone has, with those of earlier releases. Its canary harms no packet. */
const iptablesModeChains: Table<RegExp> = table({
  nat: /^:(KUBE-(?:SVC|SVL|SEP|EXT|FW|XLB)-[A-Z2-7]{16}|KUBE-NODEPORTS) /gm,
  filter: /^:(KUBE-SERVICES|KUBE-EXTERNAL-SERVICES|KUBE-NODEPORTS) /gm,
});

/** What another mode of kube-proxy has left on a node. */
export type Leftover =
  | { readonly mode: 'iptables'; readonly chains: readonly string[] }
  | { readonly mode: 'nftables'; readonly tables: readonly string[] }
  /** Rules balance packets, and what they are cannot be listed. */
  | { readonly mode: 'unlisted' };

/**
 * Returns a line for each other mode of kube-proxy that has left its work on the node. Packets meet it before they meet
 * IPVS, and it no longer follows the cluster (kubernetes/kubernetes#102314).
 * @param saved what iptables-save printed for each family
 */
export const otherModes = async (node: NodeAccess, saved: readonly string[]): Promise<readonly string[]> =>
  (await findLeftovers(node, saved)).map(lineOf);

/**
 * Returns what each other mode of kube-proxy has left on the node.
 * @param saved what iptables-save printed for each family
 */
export async function findLeftovers(node: NodeAccess, saved: readonly string[]): Promise<readonly Leftover[]> {
  const chains = [...new Set(saved.flatMap(chainsIn))];
  return [...(chains.length === 0 ? [] : [{ mode: 'iptables', chains } as const]), ...(await nftablesMode(node))];
}

function lineOf(leftover: Leftover): string {
  switch (leftover.mode) {
    case 'iptables':
      return leftoverLine('iptables', `the ${plural(leftover.chains.length, 'chain')} ${someText(leftover.chains)}`);
    case 'nftables':
      return leftoverLine('nftables', `the ${plural(leftover.tables.length, 'table')} ${someText(leftover.tables)}`);
    case 'unlisted':
      return (
        'nftables rules balance packets on this node, and kproxy cannot list their tables with the tool nft. If ' +
        'kube-proxy ran in nftables mode, run `kube-proxy --cleanup`, then kproxy sync again'
      );
  }
}

function chainsIn(text: string): readonly string[] {
  return text.split(/^(?=\*)/m).flatMap(section => {
    const table = /^\*(\w+)/.exec(section)?.[1] ?? '';
    const pattern = iptablesModeChains[table];
    return pattern === undefined ? [] : Array.from(section.matchAll(pattern), ([, name]) => `${name} (${table})`);
  });
}

const leftoverLine = (mode: string, what: string): string =>
  `kube-proxy's ${mode} mode has left ${what} on this node. Packets meet them before IPVS: old rules may reject a ` +
  'Service, or send it to endpoints that are gone. Remove them with `kube-proxy --cleanup`, then run kproxy sync again';

/**
 * kube-proxy's nftables mode chooses endpoints with the expression `numgen`, and every cluster has the Service
 * `kubernetes`. The module of that expression is hardly used by other software, so that other nodes need no process.
 */
async function nftablesMode(node: NodeAccess): Promise<readonly Leftover[]> {
  const users = await node.readFile('/sys/module/nft_numgen/refcnt');
  if (users === undefined || users.trim() === '0') return [];
  const result = await node.run({ argv: ['nft', 'list', 'tables'] }).catch(() => undefined);
  if (result?.exitCode !== 0) return [{ mode: 'unlisted' }];
  const tables = Array.from(result.stdout.matchAll(/^table (ip6? kube-proxy)$/gm), ([, name]) => name ?? '');
  return tables.length === 0 ? [] : [{ mode: 'nftables', tables }];
}
