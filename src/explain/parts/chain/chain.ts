import { type Family, families } from '../../../net/address.js';
import type { RuleChain } from '../../../node/datapath/datapath.js';
import type { Table } from '../../../node/element.js';
import { chainNames, isOwnChain } from '../../../node/names.js';
import { whyChain } from '../../../proxy/rules/index.js';
import { explainedRules, type RuleSources, ruleSources } from '../explain-rules.js';
import { unknownPart } from '../near-parts.js';
import { chainsIn, desiredChain, desiredTables, hooksOf, jumpsTo, tableOf } from '../node-rules.js';
import { isBuiltIn, ownerOfChain } from '../owners.js';
import {
  type ChainExplanation,
  type ChainPlace,
  type ExplainedRule,
  nothingKnown,
  type PartSources,
  type PerhapsKnown,
} from '../part.js';
import { stateOfPart } from '../part-state.js';
import { builtInKnowledge, chainKnowledge } from './chain-knowledge.js';

const ownTables = Object.keys(chainNames) as readonly Table[];
const ownChainNames: readonly string[] = ownTables.flatMap(table => chainNames[table]);

interface Place {
  readonly family: Family;
  readonly table: string;
}

/**
 * Explains the chains of one name in all tables and families: those that are there, those that should be, and of
 * kproxy's own those that this node does not need.
 * @throws KproxyError `option-invalid` if there is none and kproxy has none
 */
export function explainChain(name: string, given: PartSources): ChainExplanation {
  const sources = ruleSources(given);
  const places = placesOf(name, sources);
  if (places.length > 0)
    return { kind: 'chain', name, places: places.map(place => explainPlace(name, place, sources)) };
  const known = [...ownChainNames, ...chainsIn(sources.tables).map(({ chain }) => chain.name)];
  throw unknownPart('chain', name, known, given.actual !== undefined);
}

function placesOf(name: string, { tables, desired }: RuleSources): readonly Place[] {
  const there = [...chainsIn(tables, name), ...chainsIn(desiredTables(desired), name)];
  const owned = ownTables.filter(table => isOwnChain(table, name));
  // IPv6 is not mentioned on a node that does not use it.
  const missing = owned
    .filter(table => there.every(one => one.table !== table))
    .map((table): Place => ({ family: 'IPv4', table }));
  const unique = new Map([...there, ...missing].map(({ family, table }) => [`${family} ${table}`, { family, table }]));
  return [...unique.values()].sort(byTableAndFamily);
}

const tableOrder: readonly string[] = ['raw', 'mangle', 'nat', 'filter', 'security'];
const byTableAndFamily = (one: Place, other: Place): number =>
  tableOrder.indexOf(one.table) - tableOrder.indexOf(other.table) ||
  families.indexOf(one.family) - families.indexOf(other.family);

function explainPlace(name: string, place: Place, sources: RuleSources): ChainPlace {
  const { family, table } = place;
  const owner = ownerOfChain(table, name);
  const ruleTable = tableOf(sources.tables, family, table);
  const found = ruleTable.chains.find(chain => chain.name === name);
  const chain: RuleChain = found ?? { name, policy: undefined, rules: [] };
  const key = desiredChain(sources.desired, { family, table, name })?.key;
  const rules = explainedRules(sources, { family, table, chain });
  const state = stateOfPart(sources, { key, owner, isThere: found !== undefined });
  return {
    family,
    table,
    owner,
    ...state,
    ...(isBuiltIn(name) && key === undefined ? { state: 'foreign' } : {}),
    ...knowledgeOf(table, name),
    policy: chain.policy,
    jumpedFrom: jumpsTo(ruleTable, name),
    hooks: hooksOf(ruleTable, name),
    rules,
    before: isBuiltIn(name) ? foreignBefore(rules) : [],
    servicePorts: [...new Set(rules.flatMap(({ sets }) => sets.flatMap(({ servicePorts }) => servicePorts)))],
  };
}

/** Returns the numbers of the rules of others that packets meet before kproxy's last rule. */
function foreignBefore(rules: readonly ExplainedRule[]): readonly number[] {
  const isOwn = ({ owner, number }: ExplainedRule) => owner.is === 'kproxy' && number !== undefined;
  return rules
    .slice(0, Math.max(0, rules.findLastIndex(isOwn)))
    .flatMap(rule => (isOwn(rule) || rule.number === undefined ? [] : [rule.number]));
}

function knowledgeOf(table: string, name: string): PerhapsKnown {
  const purpose = whyChain(table, name);
  const known = Object.entries(chainKnowledge).find(([key]) => key === `${table} ${name}`)?.[1];
  if (purpose !== undefined && known !== undefined) return { purpose, ...known };
  return { ...nothingKnown, purpose: builtInKnowledge.get(name) };
}
