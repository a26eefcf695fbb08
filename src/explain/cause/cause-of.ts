import { ordered } from '../../plan/order.js';
import { datapathAfter } from '../datapath/after/datapath-after.js';
import type { Cause } from '../explanation.js';
import { badEnd } from '../trace/trace-ends.js';
import { blameCause } from './blame-cause.js';
import type { CauseInput, FlowResult } from './cause-input.js';
import { changeCause } from './change-cause.js';
import { endpointCause } from './endpoint-cause.js';
import { sameResult } from './same-result.js';
import { paragraph } from './sentences.js';
import { targetCause } from './target-cause.js';

/**
 * Returns the one thing that makes a flow fail, or be treated otherwise than it should be. Finds it by trying: if
 * kproxy's changes would make the flow another one, the fewest of them that do are the cause. If the flow fails
 * whatever kproxy changes, the cause is what ends the packet's way, or what the cluster lacks.
 * @returns undefined if the flow is answered and would not be treated otherwise after all changes
 */
export function causeOf(input: CauseInput): Cause | undefined {
  const { now, changes, datapath, explainOn } = input;
  const datapathThen = input.synced ?? datapathAfter(datapath, ordered(changes));
  const then = changes.length === 0 ? now : explainOn(datapathThen);
  const isTreatedOtherwise = !sameResult(now, then);
  if (then.verdict === 'answered') return isTreatedOtherwise ? changeCause(input, then) : undefined;
  const lasting = targetCause(input, then) ?? endpointCause(input, then) ?? blameCause(input, datapathThen, then);
  if (!isTreatedOtherwise) return lasting;
  const change = changeCause({ ...input, movesRules: lasting.commands.length > 0 }, then);
  if (now.verdict === 'answered')
    return { ...change, why: paragraph(change.why, `The packet should not be answered: ${lasting.summary}`) };
  const [first, other] = failsAlike(now, then) ? [lasting, change] : [change, lasting];
  return { ...besides(first, other), commands: [...new Set([...lasting.commands, ...change.commands])] };
}

/** Returns true if the worst that happens is the same, before and after kproxy's changes. */
const failsAlike = (now: FlowResult, then: FlowResult): boolean =>
  now.verdict === then.verdict &&
  JSON.stringify(badEnd(now.trace, now.verdict)?.blame) === JSON.stringify(badEnd(then.trace, then.verdict)?.blame);

/** Returns the first cause, and says that there is another one. */
const besides = (first: Cause, other: Cause): Cause => ({
  ...first,
  why: paragraph(first.why, `It is not all that is wrong: ${paragraph(other.summary, other.why)}`),
});
