import { type Family, families } from '../../net/address.js';
import type { NodeAccess } from '../access.js';
import { type IptablesBackend, withBackend } from '../iptables-backend.js';
import { type FamilyRules, readFamily } from '../read-rules.js';
import { understood } from '../reading.js';
import { iptablesProgram } from '../tools/iptables.js';
import { decidesAnything, parseSavedTables, type SavedTables } from '../tools/iptables-save-tables.js';
import type { RuleTable } from './datapath.js';
import { type PartReading, whole } from './part-reading.js';

/** With counters. */
const options = ['-c'];

/**
 * Reads the rules of all software in one backend, with their counters. A family that the node lacks programs for is
 * among what was not read.
 * @throws KproxyError if a tool fails or is not understood, or no family can be read
 */
export async function readTables(
  node: NodeAccess,
  backend: IptablesBackend,
): Promise<PartReading<readonly RuleTable[]>> {
  const there = withBackend(node, backend);
  const byFamily = await Promise.all(families.map(family => readFamily(there, family, options)));
  const lacking = byFamily.filter(rules => rules.is === 'lacking');
  if (lacking[0] !== undefined && !byFamily.some(rules => rules.is === 'read')) throw lacking[0].error;
  const parts = await Promise.all(byFamily.map(rules => tablesOf(node, rules)));
  return {
    value: parts.flatMap(({ value }) => value),
    unread: parts.flatMap(({ unread }) => unread),
  };
}

async function tablesOf(node: NodeAccess, rules: FamilyRules): Promise<PartReading<readonly RuleTable[]>> {
  const { family } = rules;
  if (rules.is === 'not in the kernel') return whole([]);
  if (rules.is === 'lacking') return { value: [], unread: [`${family} rules: ${rules.reason}`] };
  const { tables, hidden, hasLegacyTables } = savedTables(rules);
  const others = hasLegacyTables ? await legacyRules(node, family) : [];
  return { value: tables, unread: [...hidden, ...others] };
}

const savedTables = ({ family, text }: Extract<FamilyRules, { is: 'read' }>): SavedTables =>
  understood([`${iptablesProgram(family)}-save`, ...options], () => parseSavedTables(text, family));

/**
 * Returns a line if the legacy backend has rules beside those of nft, which packets pass too. Listing its tables is
 * enough to create empty ones.
 */
async function legacyRules(node: NodeAccess, family: Family): Promise<readonly string[]> {
  const rules = await readFamily(withBackend(node, 'legacy'), family, options).catch(() => undefined);
  const isHarmless = rules?.is === 'read' && !savedTables(rules).tables.some(decidesAnything);
  return isHarmless ? [] : [`the ${family} rules of ${iptablesProgram(family)}-legacy, which packets pass too`];
}
