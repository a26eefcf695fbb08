import type { CountedRule, Datapath } from '../../node/datapath/datapath.js';
import { isOwnChain } from '../../node/names.js';
import { parsedRule } from '../rules/parse-rule.js';
import type { Blame, RulePlace, RuleStep } from '../trace/trace.js';
import { allSteps } from '../trace/trace-ends.js';
import type { CauseInput, FlowResult } from './cause-input.js';
import { repairedDatapath } from './repaired.js';

export type RuleBlame = Extract<Blame, { readonly part: 'rule' }>;

/** How many rules are tried. Each explains the flow again. */
const mostTried = 12;

/**
 * Returns the rule of other software on the packet's way without which the flow is answered: one that changes an
 * address, hides the packet from conntrack, or lets it pass kproxy's rules by. Where such a packet ends says nothing
 * about the rule. The last one that matched is tried first.
 */
export function decidingRule(
  { explainOn }: Pick<CauseInput, 'explainOn'>,
  datapath: Datapath,
  { trace }: FlowResult,
): RuleBlame | undefined {
  const matched = new Map<string, RuleBlame>();
  for (const step of allSteps(trace))
    if (step.kind === 'table')
      for (const rule of step.rules) if (isSuspect(rule)) matched.set(keyOf(rule), blameOf(rule));
  return [...matched.values()]
    .reverse()
    .slice(0, mostTried)
    .find(blame => {
      const without = repairedDatapath(datapath, blame);
      return without !== undefined && explainOn(without).verdict === 'answered';
    });
}

const isSuspect = (rule: RuleStep): boolean => rule.matched !== 'no' && !isOwnRule(rule) && !jumpsToOwn(rule);

/** Returns true for a rule in a chain of kproxy. */
export const isOwnRule = ({ table, chain }: Pick<RulePlace, 'table' | 'chain'>): boolean => isOwnChain(table, chain);

const jumpsToOwn = ({ table, argv }: RuleStep): boolean => isOwnChain(table, parsedRule(argv).target?.name ?? '');

const keyOf = ({ family, table, chain, number }: RulePlace): string => [family, table, chain, number].join(' ');

const blameOf = ({ family, table, chain, number, argv }: RuleStep): RuleBlame => ({
  part: 'rule',
  ...{ family, table, chain, number, argv },
});

/**
 * Returns a blame with the number that its rule has on the node now: kproxy's changes and the deletion of others move
 * it. Datapaths share the rules that no change touches.
 */
export function numberedAsIn(present: Datapath, later: Datapath, blame: Blame): Blame {
  if (blame.part !== 'rule') return blame;
  const rule = rulesOf(later, blame)[blame.number - 1];
  const index = rule === undefined ? -1 : rulesOf(present, blame).indexOf(rule);
  return index < 0 ? blame : { ...blame, number: index + 1 };
}

const rulesOf = (datapath: Datapath, { family, table, chain }: RulePlace): readonly CountedRule[] =>
  datapath.tables.find(one => one.family === family && one.name === table)?.chains.find(({ name }) => name === chain)
    ?.rules ?? [];
