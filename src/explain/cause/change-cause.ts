import { type Change, subjectOf } from '../../node/change.js';
import type { Element } from '../../node/element.js';
import { familyOfElement } from '../../node/family.js';
import { reasonsOf } from '../../node/reasons-of.js';
import { changeLine } from '../../plan/change-line.js';
import { ordered } from '../../plan/order.js';
import { datapathAfter } from '../datapath/after/datapath-after.js';
import type { Cause } from '../explanation.js';
import { badEnd } from '../trace/trace-ends.js';
import { blameText } from './blame-text.js';
import type { CauseInput, FlowResult } from './cause-input.js';
import { changeSentence } from './change-text.js';
import { repairCommands, sync } from './commands.js';
import { decidingRule } from './deciding-rule.js';
import { apartFrom, furtherChanges } from './further-changes.js';
import { nearMissesIn } from './near-misses.js';
import { ruleCause } from './rule-cause.js';
import { sameResult } from './same-result.js';
import { paragraph } from './sentences.js';
import { smallestPart } from './smallest.js';

/**
 * Returns the fewest of kproxy's changes that make a flow what it would be after all of them, as its cause.
 * @param after the flow after all changes, which differs from the flow as it is
 */
export function changeCause(input: CauseInput, after: FlowResult): Cause {
  const explainAfter = (part: readonly Change[]): FlowResult =>
    input.explainOn(datapathAfter(input.datapath, ordered(part)));
  const isEnough = (part: readonly Change[]): boolean => sameResult(explainAfter(part), after);
  const { items, likely } = likeliestFirst(input, after);
  const needed = ordered(smallestPart(items, isEnough, likely));
  const first = needed.find(change => !sameResult(explainAfter([change]), input.now)) ?? (needed[0] as Change);
  const others = needed.filter(change => change !== first);
  const behind = others.length === 0 ? behindCause(input, first) : undefined;
  return behind ?? ruleCause(input, first, others, isEnough) ?? plainCause(input, first, others);
}

/** So many parts that are wrong have one cause: the node was not synced. */
const manyParts = 4;

function plainCause(input: CauseInput, first: Change, others: readonly Change[]): Cause {
  const { desired, now, style } = input;
  const [reason] = reasonsOf(first, desired.reasons);
  const apart = apartFrom(first, others);
  const isAlone = apart.length < manyParts;
  return {
    summary: isAlone
      ? changeSentence(first)
      : `This node is not in sync: the flow needs ${apart.length + 1} changes of kproxy.`,
    why: isAlone
      ? paragraph(first.verb === 'remove' ? undefined : reason?.why, furtherChanges(apart))
      : paragraph('The first one:', changeSentence(first), reason?.why),
    blame: { part: 'change', change: changeLine(first) },
    commands: repairCommands([first, ...others], style),
    nearMisses: nearMissesIn(now.trace),
  };
}

/** Returns the cause if rules of other software end the packet's way before kproxy's jumps. */
function behindCause(input: CauseInput, change: Change): Cause | undefined {
  if (change.verb !== 'change' || change.behind === undefined) return undefined;
  const { now, style } = input;
  const blame = badEnd(now.trace, now.verdict)?.blame;
  const found = blame?.part === 'rule' ? blame : decidingRule(input, input.datapath, now);
  const [reason] = reasonsOf(change, input.desired.reasons);
  return {
    summary: found === undefined ? changeSentence(change) : blameText(found).summary,
    why: paragraph(
      found === undefined
        ? undefined
        : `The rule is not of kproxy, and comes before kproxy's jumps in ${found.chain}. kproxy sync puts these first.`,
      reason?.why,
    ),
    blame: found ?? { part: 'change', change: changeLine(change) },
    commands: [sync(style)],
    nearMisses: nearMissesIn(now.trace),
  };
}

/** Changes, of which the first ones are likely to touch the flow. */
interface Candidates {
  readonly items: readonly Change[];
  readonly likely: number;
}

/** The worst rank of a change that is likely to touch the flow. */
const lastLikely = 2;

/**
 * Sorts changes by how likely they are to touch the flow: those about its address or node port first, then those of
 * parts that all flows share, then those about its backends. The others are about other Services.
 */
function likeliestFirst({ changes, target, family, now }: CauseInput, after: FlowResult): Candidates {
  const own = [target.address, String(target.port)];
  const backends = new Set([...now.backends, ...after.backends].map(({ address }) => address));
  const rank = (change: Change): number => {
    const element = subjectOf(change);
    const addresses = addressesIn(element);
    if (own.some(text => addresses.includes(text))) return 0;
    if ((familyOfElement(element) ?? family) !== family) return 4;
    if (addresses.length === 0) return 1;
    return addresses.some(address => backends.has(address)) ? 2 : 3;
  };
  const ranked = changes.map(change => ({ change, place: rank(change) })).sort((one, other) => one.place - other.place);
  const likely = ranked.filter(({ place }) => place <= lastLikely).length;
  return { items: ranked.map(({ change }) => change), likely };
}

/** Returns the addresses that an element is about, or nothing for one that all flows share. */
function addressesIn(element: Element): readonly string[] {
  switch (element.kind) {
    case 'entry':
      return element.value.split(',');
    case 'address':
    case 'virtual-server':
      return [element.address];
    case 'real-server':
      return [element.server.address, element.address];
    default:
      return [];
  }
}
