import { KproxyError } from '../errors.js';
import type { Family } from '../net/address.js';
import type { NodeAccess } from './access.js';
import type { Table } from './element.js';
import { type IptablesBackend, programOf } from './iptables-backend.js';
import { iptablesProgram } from './tools/iptables.js';
import { incompatibleTables, tablesWithForeignChains } from './tools/iptables-save.js';
import { foreignBaseChains, foreignRuleHandles, rulesWithHandles } from './tools/nft-list.js';

const nftFamilies = { IPv4: 'ip', IPv6: 'ip6' } as const;

/**
 * Checks that iptables-save has shown everything of the tables that kproxy has chains in. A table that is not shown
 * must never pass for an empty one: each sync would add its jumps once more.
 * @throws KproxyError (`table-unreadable`) with the rules or chains that are the cause, as nft has them
 */
export async function requireReadable(
  node: NodeAccess,
  backend: IptablesBackend,
  family: Family,
  text: string,
): Promise<void> {
  const [hidden] = incompatibleTables(text);
  if (hidden !== undefined) throw unreadable(backend, family, hidden, await foreignRules(node, family, hidden));
  for (const table of tablesWithForeignChains(text)) {
    const chains = foreignBaseChains(await listedJson(node, family, table), table);
    if (chains.length > 0) throw unreadable(backend, family, table, chains);
  }
}

function unreadable(backend: IptablesBackend, family: Family, table: Table, causes: readonly string[]): KproxyError {
  const nftTable = `${nftFamilies[family]} ${table}`;
  return new KproxyError({
    code: 'table-unreadable',
    message: `cannot read the ${family} table ${table}: it has something that iptables cannot show`,
    evidence: [
      `\`${programOf(`${iptablesProgram(family)}-save`, backend)}\` says that the table is incompatible.`,
      ...causes,
    ].join('\n'),
    advice:
      `Nothing was changed. Show the table with \`nft -a list table ${nftTable}\`, and move what was added with nft ` +
      'into a table of its own. Then run kproxy again.',
  });
}

/** Returns a line for each rule that iptables cannot show. None if the tool nft is missing or fails. */
async function foreignRules(node: NodeAccess, family: Family, table: Table): Promise<readonly string[]> {
  const handles = foreignRuleHandles(await listedJson(node, family, table));
  if (handles.size === 0) return [];
  const text = await shown(node, ['nft', '-a', 'list', 'table', nftFamilies[family], table]);
  return rulesWithHandles(text, handles).map(({ chain, rule }) => `chain ${chain}: ${rule}`);
}

const listedJson = (node: NodeAccess, family: Family, table: Table): Promise<string> =>
  shown(node, ['nft', '-j', 'list', 'table', nftFamilies[family], table]);

async function shown(node: NodeAccess, argv: readonly string[]): Promise<string> {
  const result = await node.run({ argv }).catch(() => undefined);
  return result?.exitCode === 0 ? result.stdout : '';
}
