import type { Flow } from '../../explanation.js';
import type { End } from '../../trace/trace.js';
import { allEnds } from '../../trace/trace-ends.js';
import { blameText, rulePlaceText } from '../words.js';

/**
 * Returns the places at which the packets of flows with one cause end, for a cause that is somewhere else: the entry
 * that is missing, and not the rule that rejects. Empty if the cause itself says it.
 */
export function stopsOf(flows: readonly Flow[]): readonly string[] {
  const ends = flows.flatMap(({ cause, trace, verdict }) =>
    cause?.blame.part === 'change' || cause?.blame.part === 'endpoints'
      ? Array.from(allEnds(trace)).filter(end => end.verdict === verdict)
      : [],
  );
  return [...new Set(ends.flatMap(stopText))];
}

const stopText = ({ blame }: End): readonly string[] =>
  blame === undefined ? [] : [blame.part === 'rule' ? rulePlaceText(blame) : blameText(blame)];
