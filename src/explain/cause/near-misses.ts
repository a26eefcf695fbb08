import { quotedIfHostile } from '../../cluster/problems.js';
import type { Because, End, RuleStep, Trace } from '../trace/trace.js';
import { allEnds, allSteps } from '../trace/trace-ends.js';

/** How many near misses are said. More would hide the cause. */
const mostNearMisses = 5;

/**
 * Returns what almost fitted on the packet's way, as whole sentences: sets with an entry that differs from what was
 * looked up in one part.
 */
export function nearMissesIn(trace: Trace): readonly string[] {
  const found = new Set(Array.from(allEnds(trace), nearServers).flat());
  for (const step of allSteps(trace))
    if (step.kind === 'table' && step.way === 'there')
      for (const rule of step.rules) for (const text of nearMissOf(rule)) found.add(text);
  return [...found].slice(0, mostNearMisses);
}

const nearServers = ({ blame }: End): readonly string[] =>
  blame?.part === 'virtual server' && blame.near !== undefined ? [`IPVS has ${blame.near}.`] : [];

const nearMissOf = ({ matched, because }: RuleStep): readonly string[] =>
  matched === 'yes' || because === undefined ? [] : textOf(because);

const textOf = ({ set, near, looked }: Because): readonly string[] =>
  set === undefined || near === undefined
    ? []
    : [
        quotedIfHostile(
          looked === undefined ? `${set} has ${near}.` : `${set} has ${near}, and the packet is for ${looked}.`,
        ),
      ];
