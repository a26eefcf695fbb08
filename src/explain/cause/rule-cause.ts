import { type Change, subjectOf } from '../../node/change.js';
import type { Datapath } from '../../node/datapath/datapath.js';
import type { Chain, Jumps, Rule } from '../../node/element.js';
import { keyOf } from '../../node/kinds/index.js';
import { reasonsOf } from '../../node/reasons-of.js';
import { hasSameWords } from '../../node/rule-words.js';
import { tableCommand } from '../../node/tools/iptables.js';
import { changeLine } from '../../plan/change-line.js';
import type { Cause } from '../explanation.js';
import type { CauseInput } from './cause-input.js';
import { editSentence } from './change-text.js';
import { commandText, sync } from './commands.js';
import { apartFrom, furtherChanges } from './further-changes.js';
import { nearMissesIn } from './near-misses.js';
import { type RuleEdit, RuleScript } from './rule-edits.js';
import { paragraph } from './sentences.js';
import { smallestPart } from './smallest.js';

type RuleChange = Change<Chain | Jumps> & { readonly verb: 'change' };

const isRuleChange = (change: Change): change is RuleChange =>
  change.verb === 'change' && (change.after.kind === 'chain' || change.after.kind === 'jumps');

/**
 * Returns the one rule that makes a chain's change necessary for the flow, as its cause, or undefined if the change is
 * not about single rules.
 */
export function ruleCause(
  input: CauseInput,
  change: Change,
  others: readonly Change[],
  isEnough: (part: readonly Change[]) => boolean,
): Cause | undefined {
  if (!isRuleChange(change)) return undefined;
  const script = new RuleScript(change.before.rules, change.after.rules);
  const some = (edits: readonly RuleEdit[]): Change => ({
    ...change,
    after: { ...change.after, rules: script.after(edits) },
  });
  const [first, ...more] = smallestPart(script.edits, edits => isEnough([some(edits), ...others]));
  if (first === undefined) return undefined;
  const place = placeOf(change.after);
  const number = numberOf(input.datapath, change, first);
  // Only jumps are among rules of other software, whose deletion gives them other numbers.
  const isMoved = change.after.kind === 'jumps' && input.movesRules === true;
  const isAlone = more.length + others.length === 0 && number !== undefined && !isMoved;
  return {
    summary: editSentence(place, { ...first, number: number ?? first.number }),
    why: paragraph(whyOf(input, change, first), furtherChanges(apartFrom(change, others))),
    blame: { part: 'change', change: changeLine(change) },
    commands: isAlone ? [editCommand(change.after, { ...first, number }, input)] : [sync(input.style)],
    nearMisses: nearMissesIn(input.now.trace),
  };
}

const placeOf = (element: Chain | Jumps) => ({
  family: element.family,
  table: element.table,
  chain: element.kind === 'chain' ? element.name : element.chain,
});

function whyOf({ desired }: CauseInput, change: RuleChange, { verb, index }: RuleEdit): string | undefined {
  if (verb === 'delete') return 'No Service needs it.';
  const { reasons } = desired;
  return reasons.ofRules(keyOf(subjectOf(change)))[index]?.why ?? reasonsOf(change, reasons)[0]?.why;
}

const editCommand = (element: Chain | Jumps, { verb, number, rule }: RuleEdit, { style }: CauseInput): string => {
  const { chain } = placeOf(element);
  const rest = verb === 'insert' ? ['-I', chain, String(number), ...rule] : ['-D', chain, String(number)];
  return commandText({ argv: tableCommand(element, ...rest) }, style);
};

/**
 * Returns the number of an edited rule in the chain as it is. Jumps are among rules of other software, so the number
 * among kproxy's jumps is not theirs.
 */
function numberOf(datapath: Datapath, { after, before }: RuleChange, edit: RuleEdit): number | undefined {
  if (after.kind === 'chain') return edit.number;
  const { chains } = datapath.tables.find(({ family, name }) => family === after.family && name === after.table) ?? {
    chains: [],
  };
  const rules = (chains.find(({ name }) => name === after.chain)?.rules ?? []).map(({ argv }) => argv);
  if (edit.verb === 'delete') return placeOfLast(rules, edit.rule);
  const previous = before.rules[edit.number - 2];
  if (previous === undefined) return 1;
  const at = placeOfLast(rules, previous);
  return at === undefined ? undefined : at + 1;
}

function placeOfLast(rules: readonly Rule[], rule: Rule): number | undefined {
  const at = rules.findLastIndex(one => hasSameWords(one, rule));
  return at < 0 ? undefined : at + 1;
}
