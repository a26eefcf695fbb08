import type { CountedRule, RuleTable } from '../../node/datapath/datapath.js';
import type { Rule } from '../../node/element.js';
import { setKey } from '../../node/kinds/ipset.js';
import { isOwnChain } from '../../node/names.js';
import { hasSameWords } from '../../node/rule-words.js';
import { setUsers } from '../../proxy/desired.js';
import { parseRule } from '../rules/parse-rule.js';
import { describeRule, type RuleSurroundings, ruleSentence } from '../rules/words/describe-rule.js';
import { ownSetType } from '../rules/words/set-dimensions.js';
import { type ChainAt, desiredChain, destinationOf, reasonOfRule, rulesOfNode, setsOfRule } from './node-rules.js';
import { isBuiltIn, kproxy, ownerOfChain } from './owners.js';
import type { ExplainedRule, Owner, PartSources, PartState, RuleSet } from './part.js';

/** The sources, with what explaining several rules looks up again and again. */
export interface RuleSources extends PartSources {
  /** The rules of the node as it is, or as it should be if it was not read. */
  readonly tables: readonly RuleTable[];
  /** Returns the Service ports with entries in a set. */
  readonly usersOf: (set: string) => readonly string[];
}

export const ruleSources = (sources: PartSources): RuleSources => ({
  ...sources,
  tables: rulesOfNode(sources),
  usersOf: setUsers(sources.desired),
});

/** Returns the type of a set: as it is, as it should be, or as kproxy's set of that name has it. */
export function typeOfSet({ actual, desired }: PartSources, name: string): string | undefined {
  const wanted = desired.state.get(setKey(name));
  const type = actual?.sets.find(set => set.name === name)?.type ?? (wanted?.kind === 'set' ? wanted.type : undefined);
  return type ?? ownSetType(name);
}

const surroundings = (sources: PartSources, table: RuleTable | undefined): RuleSurroundings => ({
  typeOfSet: name => typeOfSet(sources, name),
  ...(table === undefined ? {} : { isChain: name => table.chains.some(chain => chain.name === name) }),
});

/** Returns a rule of a table as a sentence. */
export const sentenceOf = (sources: PartSources, argv: Rule, table?: RuleTable): string =>
  ruleSentence(parseRule(argv), surroundings(sources, table));

/** Returns the parts of that sentence. */
export const partsOf = (sources: PartSources, argv: Rule, table?: RuleTable): readonly string[] =>
  describeRule(parseRule(argv), surroundings(sources, table));

/** Explains the rules of a chain: those that are there, in order, and then those that are missing. */
export function explainedRules(sources: RuleSources, at: ChainAt): readonly ExplainedRule[] {
  const { family, table: name, chain } = at;
  const table = sources.tables.find(one => one.family === family && one.name === name);
  const desired = desiredChain(sources.desired, { family, table: name, name: chain.name });
  const explain = (rule: CountedRule, number: number | undefined, state: PartState): ExplainedRule => ({
    number,
    argv: rule.argv,
    words: sentenceOf(sources, rule.argv, table),
    state,
    owner: ownerOfRule(name, chain.name, rule.argv),
    why: reasonOfRule(desired, rule.argv)?.why,
    sets: setsIn(sources, rule.argv),
    packets: rule.packets,
    bytes: rule.bytes,
  });
  if (sources.actual === undefined) return chain.rules.map((rule, index) => explain(rule, index + 1, 'desired'));
  const states = ruleStates(at, desired?.rules ?? []);
  const missing = without(
    desired?.rules ?? [],
    chain.rules.map(({ argv }) => argv),
  );
  return [
    ...chain.rules.map((rule, index) => explain(rule, index + 1, states[index] ?? 'foreign')),
    ...missing.map(argv => explain({ argv }, undefined, 'missing')),
  ];
}

/** Returns the state of each rule of a chain. Of two equal rules, kproxy needs one. */
function ruleStates({ table, chain }: ChainAt, desired: readonly Rule[]): readonly PartState[] {
  const wanted = [...desired];
  return chain.rules.map(({ argv }) => {
    const index = wanted.findIndex(rule => hasSameWords(rule, argv));
    if (index >= 0) {
      wanted.splice(index, 1);
      return 'in sync';
    }
    return ownerOfRule(table, chain.name, argv).is === 'kproxy' ? 'left over' : 'foreign';
  });
}

/** Returns the rules that are not among others, each as often as it is missing there. */
function without(rules: readonly Rule[], others: readonly Rule[]): readonly Rule[] {
  const left = [...others];
  return rules.filter(rule => {
    const index = left.findIndex(other => hasSameWords(other, rule));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

/** Returns who a rule belongs to. In a built-in chain only the chain that it jumps to gives a hint. */
function ownerOfRule(table: string, chain: string, argv: Rule): Owner {
  if (!isBuiltIn(chain)) return ownerOfChain(table, chain);
  const destination = destinationOf(argv) ?? '';
  if (isOwnChain(table, destination)) return kproxy;
  return ownerOfChain(table, destination);
}

const setsIn = (sources: RuleSources, argv: Rule): readonly RuleSet[] =>
  [...new Set(setsOfRule(argv).map(({ name }) => name))].map(name => ({
    name,
    entries: entryCount(sources, name),
    servicePorts: sources.usersOf(name),
  }));

/** Returns how many entries a set has, or undefined if it is missing. */
const entryCount = ({ actual, desired }: PartSources, name: string): number | undefined =>
  actual === undefined ? desired.setSizes.get(name) : actual.sets.find(set => set.name === name)?.entries.length;
