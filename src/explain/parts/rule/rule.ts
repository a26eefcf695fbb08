import { quotedIfHostile } from '../../../cluster/problems.js';
import { KproxyError } from '../../../errors.js';
import type { Family } from '../../../net/address.js';
import type { RuleTable } from '../../../node/datapath/datapath.js';
import type { Rule } from '../../../node/element.js';
import { countText, listText } from '../../../text.js';
import { explainedRules, partsOf, type RuleSources, ruleSources, sentenceOf } from '../explain-rules.js';
import { unknownPart } from '../near-parts.js';
import { type ChainAt, chainsIn, desiredTables, hooksOf, tableOf } from '../node-rules.js';
import type { PartSources, RuleExplanation, RuleInPlace } from '../part.js';
import { type AskedRule, parseRuleText } from './parse-rule-text.js';
import { ruleFingerprint } from './rule-fingerprint.js';

/**
 * Explains a rule, as iptables-save prints it or by its number (`nat KUBE-SERVICES 3`), wherever it is on the node.
 * @throws KproxyError `option-invalid` if the text is not a rule, or names a chain or a number that is not there
 */
export function explainRule(text: string, given: PartSources): RuleExplanation {
  const sources = ruleSources(given);
  const asked = parseRuleText(text);
  const argv = asked.number === undefined ? asked.argv : ruleByNumber(asked, asked.number, sources);
  const table = sources.tables.find(one => isAskedTable(asked, one));
  return {
    kind: 'rule',
    argv,
    words: sentenceOf(sources, argv, table),
    parts: partsOf(sources, argv, table),
    asked: asked.chain === undefined ? undefined : [asked.table, asked.chain].filter(Boolean).join(' '),
    isRead: given.actual !== undefined,
    places: placesOf(argv, asked, sources),
  };
}

const isAskedTable = ({ family, table }: AskedRule, one: { readonly family: Family; readonly name: string }): boolean =>
  (family === undefined || family === one.family) && (table === undefined || table === one.name);

function ruleByNumber(asked: AskedRule, number: number, { tables, actual }: RuleSources): Rule {
  const { chain = '' } = asked;
  const found = chainsIn(
    tables.filter(one => isAskedTable(asked, one)),
    chain,
  );
  const [first] = found;
  if (first === undefined)
    throw unknownPart(
      'chain',
      chain,
      chainsIn(tables).map(at => at.chain.name),
      actual !== undefined,
    );
  const places = [...new Set(found.map(({ table }) => table))];
  if (places.length > 1)
    throw invalid(
      `${quotedIfHostile(chain)} is in ${listText(places, 'and')}`,
      `Give the table too: '${places[0]} ${chain} ${number}'.`,
    );
  const { rules } = first.chain;
  const rule = rules[number - 1];
  if (rule !== undefined) return rule.argv;
  throw invalid(
    `${first.table} ${quotedIfHostile(chain)} has ${countText(rules.length, 'rule')}, and no rule ${number}`,
    'Numbers begin at 1, as in iptables -S CHAIN NUMBER.',
  );
}

const invalid = (message: string, advice: string): KproxyError =>
  new KproxyError({ code: 'option-invalid', message, advice });

/** Returns where the rule is, and where it should be: those of the chain that was asked for first. */
function placesOf(argv: Rule, asked: AskedRule, sources: RuleSources): readonly RuleInPlace[] {
  const fingerprint = ruleFingerprint(argv);
  const hasRule = ({ chain }: ChainAt) => chain.rules.some(rule => ruleFingerprint(rule.argv) === fingerprint);
  const wanted = chainsIn(desiredTables(sources.desired));
  const isWanted = (at: ChainAt) => wanted.some(one => isSamePlace(one, at) && hasRule(one));
  const isAsked = ({ family, table, chain }: RuleInPlace) =>
    (asked.chain === undefined || asked.chain === chain) && isAskedTable(asked, { family, name: table });
  // Explaining all rules of a chain is dear, and a node may have thousands.
  const found = allChains(chainsIn(sources.tables), wanted)
    .filter(at => hasRule(at) || isWanted(at))
    .flatMap(at => rulesIn(at, fingerprint, sources));
  return [...found.filter(isAsked), ...found.filter(place => !isAsked(place))];
}

const isSamePlace = (one: ChainAt, other: ChainAt): boolean =>
  one.family === other.family && one.table === other.table && one.chain.name === other.chain.name;

/** Returns the chains that are there, and those that only should be, without rules. */
const allChains = (there: readonly ChainAt[], wanted: readonly ChainAt[]): readonly ChainAt[] => [
  ...there,
  ...wanted
    .filter(at => !there.some(one => isSamePlace(one, at)))
    .map(at => ({ ...at, chain: { ...at.chain, rules: [] } })),
];

function rulesIn(at: ChainAt, fingerprint: string, sources: RuleSources): readonly RuleInPlace[] {
  const { family, table, chain } = at;
  const ruleTable: RuleTable = tableOf(sources.tables, family, table);
  return explainedRules(sources, at)
    .filter(({ argv }) => ruleFingerprint(argv) === fingerprint)
    .map(rule => ({ ...rule, family, table, chain: chain.name, hooks: hooksOf(ruleTable, chain.name) }));
}
