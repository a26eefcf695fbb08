import { families } from '../../net/address.js';
import type { NodeAccess } from '../access.js';
import { type IptablesBackend, withBackend } from '../iptables-backend.js';
import { type FamilyRules, readFamily } from '../read-rules.js';
import { understood } from '../reading.js';
import { iptablesProgram } from '../tools/iptables.js';
import { parseSavedTables } from '../tools/iptables-save-tables.js';
import type { RuleTable } from './datapath.js';
import type { PartReading } from './part-reading.js';

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
  const byFamily = await Promise.all(families.map(family => readFamily(there, family, ['-c'])));
  const lacking = byFamily.filter(rules => rules.is === 'lacking');
  if (lacking[0] !== undefined && !byFamily.some(rules => rules.is === 'read')) throw lacking[0].error;
  const parts = byFamily.map(tablesOf);
  return {
    value: parts.flatMap(({ value }) => value),
    unread: parts.flatMap(({ unread }) => unread),
  };
}

function tablesOf(rules: FamilyRules): PartReading<readonly RuleTable[]> {
  const { family } = rules;
  if (rules.is === 'not in the kernel') return { value: [], unread: [] };
  if (rules.is === 'lacking') return { value: [], unread: [`${family} rules: ${rules.reason}`] };
  const argv = [`${iptablesProgram(family)}-save`, '-c'];
  const { tables, hidden } = understood(argv, () => parseSavedTables(rules.text, family));
  return { value: tables, unread: hidden };
}
