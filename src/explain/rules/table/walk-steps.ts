import { endsOf } from '../../trace/packet.js';
import type { Because, Blame, Branch, Fork, RuleStep, TableStep, Trace } from '../../trace/trace.js';
import { fork, notUnderstood, prepend } from '../../trace/trace-building.js';
import type { Answer } from '../match.js';
import type { RuleAnswer } from './test-rule.js';
import type { AskedRule, TableWalk, WalkState } from './walk-state.js';

/** Returns what a rule said of a packet, with what it did. */
export function ruleStep(walk: TableWalk, asked: AskedRule, { answer, failed }: RuleAnswer, effect?: string): RuleStep {
  const { place, rule, depth } = asked;
  const because = becauseOf(answer);
  const why = walk.whyOf(place, rule.argv, because);
  return {
    ...place,
    depth,
    argv: rule.argv,
    matched: answer.is,
    ...(failed === undefined ? {} : { failed }),
    ...(because === undefined ? {} : { because }),
    ...(effect === undefined ? {} : { effect }),
    ...(rule.packets === undefined ? {} : { packets: rule.packets }),
    ...(why === undefined ? {} : { why }),
  };
}

const becauseOf = (answer: Answer): Because | undefined =>
  answer.is === 'maybe' ? { text: answer.why } : answer.because;

/** Returns the step of everything that was asked since the table's begin, or since the last fork. */
export function tableStep(
  walk: TableWalk,
  state: WalkState,
  result: TableStep['result'],
  after = state.packet,
): TableStep {
  return {
    kind: 'table',
    hook: walk.place.hook,
    table: walk.place.table,
    way: walk.place.way,
    before: endsOf(state.before),
    ends: endsOf(after),
    markBefore: state.before.mark,
    markAfter: after.mark,
    rules: state.steps,
    result,
  };
}

export const ruleBlame = ({ place, rule }: AskedRule): Blame => ({ part: 'rule', ...place, argv: rule.argv });

/** Returns a trace that asks no further, because it is not known what happens. */
export const unknownEnd = (walk: TableWalk, state: WalkState, why: string): Trace =>
  prepend([tableStep(walk, state, 'uncertain')], notUnderstood(why));

/** Returns a trace that forks behind what was asked so far. */
export const forked = (walk: TableWalk, state: WalkState, by: Fork['by'], branches: readonly Branch[]): Trace =>
  prepend([tableStep(walk, state, 'uncertain')], fork(by, branches));

/** The branch in which a target that kproxy does not know keeps the packet. */
export const endsHere = (why: string): Branch => ({
  label: 'the packet ends here',
  share: undefined,
  trace: notUnderstood(why),
});
