import type { Datapath } from '../../node/datapath/datapath.js';
import { someText } from '../../text.js';
import type { Cause } from '../explanation.js';
import type { Blame, Trace } from '../trace/trace.js';
import { badEnd } from '../trace/trace-ends.js';
import { blameCommands, blameText } from './blame-text.js';
import type { CauseInput, FlowResult } from './cause-input.js';
import { placeText, shownRule } from './change-text.js';
import { decidingRule, isOwnRule, numberedAsIn } from './deciding-rule.js';
import { nearMissesIn } from './near-misses.js';
import { repairedDatapath } from './repaired.js';
import { paragraph } from './sentences.js';
import { servicePortOf } from './service-of-target.js';

/** How many parts that are in the way are looked for, one behind the other. */
const mostObstacles = 4;

const unknownEnd: Blame = { part: 'unknown', why: "kproxy does not know what ends the packet's way" };

/**
 * Returns what a flow's bad end is blamed on, and what else is in the way behind it: each part is taken out of the
 * datapath, and the flow is explained again.
 */
export function blameCause(input: CauseInput, datapath: Datapath, now: FlowResult): Cause {
  const { blames, isHealed } = obstacles(input, datapath, now);
  const [first = unknownEnd] = blames;
  const text = blameText(first);
  const others = [
    ...new Map(
      blames
        .slice(1)
        .map(blameText)
        .map(other => [other.summary, other]),
    ).values(),
  ];
  const further = others.map(({ summary, why }) => {
    const known = why === text.why ? undefined : why;
    return `It is not all that is in the way: ${paragraph(summary, known)}`;
  });
  return {
    summary: text.summary,
    why: paragraph(text.why, ...further),
    blame: first,
    commands: lastRuleFirst(blames).flatMap(blame => blameCommands(blameText(blame), input.style)),
    nearMisses: [
      ...(text.near === undefined ? [] : [text.near]),
      ...(isClosing(first) ? rangesOf(input) : []),
      ...(isHealed ? [] : nearMissesIn(now.trace)),
    ],
  };
}

interface Obstacles {
  /** What is in the way, the first one first. */
  readonly blames: readonly Blame[];
  /** Whether the flow is answered without them. */
  readonly isHealed: boolean;
}

function obstacles(input: CauseInput, datapath: Datapath, now: FlowResult): Obstacles {
  const blames: Blame[] = [];
  let [at, result] = [datapath, now];
  while (result.verdict !== 'answered' && blames.length < mostObstacles) {
    const blame = whatStops(input, at, result);
    if (blame === undefined || isKnown(blames, blame)) break;
    blames.push(numberedAsIn(input.datapath, at, blame));
    const next = repairedDatapath(at, blame);
    if (next === undefined) break;
    [at, result] = [next, input.explainOn(next)];
  }
  return { blames, isHealed: result.verdict === 'answered' };
}

/** Returns what a packet's end is blamed on, or the rule that sent the packet there. */
function whatStops(input: CauseInput, datapath: Datapath, result: FlowResult): Blame | undefined {
  if (result.verdict === 'unknown') return notUnderstood(result.trace) ?? badEnd(result.trace, 'unknown')?.blame;
  const blame = badEnd(result.trace, result.verdict)?.blame;
  const isPlain = blame !== undefined && isRepairable(blame);
  return isPlain ? blame : (decidingRule(input, datapath, result) ?? blame);
}

const isRepairable = (blame: Blame): boolean =>
  blame.part === 'rule' ? !isOwnRule(blame) : ['policy', 'sysctl', 'hairpin', 'link', 'unknown'].includes(blame.part);

/** Names the first rule that decides and that kproxy does not understand. */
function notUnderstood({ steps, end }: Trace): Blame | undefined {
  if (end.kind === 'end') return undefined;
  const step = steps.at(-1);
  const rule = step?.kind === 'table' ? step.rules.at(-1) : undefined;
  if (end.by !== 'unknown' || rule === undefined)
    return end.branches.map(({ trace }) => notUnderstood(trace)).find(blame => blame !== undefined);
  const why = rule.because?.text ?? 'kproxy does not know its target';
  return {
    part: 'unknown',
    why: `Rule ${rule.number} of ${placeText(rule)} decides, and ${why} (${shownRule(rule.argv)}).`,
  };
}

/** Sorts blames so that no deletion of a rule changes the number of one that is deleted after it. */
const lastRuleFirst = (blames: readonly Blame[]): readonly Blame[] =>
  [...blames].sort((one, other) => (one.part === 'rule' && other.part === 'rule' ? other.number - one.number : 0));

/** A rule is gone once it is deleted, and an equal one may follow. Anything else that is blamed twice is not healed. */
const isKnown = (blames: readonly Blame[], blame: Blame): boolean =>
  blame.part !== 'rule' && blames.some(known => JSON.stringify(known) === JSON.stringify(blame));

/** The chains that check loadBalancerSourceRanges. */
const closingChains: ReadonlySet<string> = new Set([
  'KUBE-PROXY-FIREWALL',
  'KUBE-SOURCE-RANGES-FIREWALL',
  'KUBE-IPVS-OUT-FILTER',
]);

const isClosing = (blame: Blame): boolean => blame.part === 'rule' && closingChains.has(blame.chain);

/** Names the networks that a Service is open to. */
function rangesOf(input: CauseInput): readonly string[] {
  const port = servicePortOf(input);
  return port === undefined || port.sourceRanges.length === 0
    ? []
    : [`${port.id} is open to ${someText(port.sourceRanges)}.`];
}
