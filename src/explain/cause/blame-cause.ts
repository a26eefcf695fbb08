import type { Datapath } from '../../node/datapath/datapath.js';
import { someOf } from '../../text.js';
import type { Cause } from '../explanation.js';
import type { Blame } from '../trace.js';
import { blameCommands, blameText, wholeText } from './blame-text.js';
import type { CauseInput, FlowResult } from './cause-input.js';
import { badEnd } from './ends.js';
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
  const [first = unknownEnd, ...others] = blames;
  const text = blameText(first);
  const [, ...otherTexts] = [...new Set(blames.map(blame => wholeText(blameText(blame))))];
  const further = otherTexts.map(other => `It is not all that is in the way: ${other}`);
  return {
    summary: text.summary,
    why: paragraph(text.why, ...further),
    blame: first,
    commands: [first, ...others].flatMap(blame => blameCommands(blameText(blame), input.style)),
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

function obstacles({ explainOn }: Pick<CauseInput, 'explainOn'>, datapath: Datapath, now: FlowResult): Obstacles {
  const blames: Blame[] = [];
  let [at, result] = [datapath, now];
  while (result.verdict !== 'answered' && blames.length < mostObstacles) {
    const blame = badEnd(result.trace, result.verdict)?.blame;
    if (blame === undefined || isKnown(blames, blame)) break;
    blames.push(blame);
    const next = repairedDatapath(at, blame);
    if (next === undefined) break;
    [at, result] = [next, explainOn(next)];
  }
  return { blames, isHealed: result.verdict === 'answered' };
}

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
    : [`${port.id} is open to ${someOf(port.sourceRanges)}.`];
}
