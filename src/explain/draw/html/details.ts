import { addressAndPort } from '../../../net/address.js';
import { countText } from '../../../text.js';
import type { Blame, IpvsStep, Step } from '../../trace/trace.js';
import { placeText } from '../words.js';
import { type Markup, markup } from './markup.js';
import type { Station } from './picture/station.js';
import { tableOf } from './rules.js';

/** Returns what a station unfolds: the rules of a hook, the real servers of IPVS. Empty if there is no more to say. */
export const detailsOf = ({ steps }: Station, blame: Blame | undefined): readonly Markup[] =>
  steps.flatMap(step => stepDetails(step, blame) ?? []);

/** Whether a station has something to unfold. */
export const hasDetails = ({ steps }: Station): boolean => steps.some(hasMore);

const hasMore = (step: Step): boolean =>
  (step.kind === 'table' && (step.rules.length > 0 || step.policy === 'DROP')) ||
  (step.kind === 'ipvs' && step.candidates.length > 0);

function stepDetails(step: Step, blame: Blame | undefined): Markup | undefined {
  if (!hasMore(step)) return undefined;
  if (step.kind === 'table') return tableOf(step, blame);
  return step.kind === 'ipvs' ? candidatesOf(step) : undefined;
}

const mostCandidates = 50;

function candidatesOf({ candidates, persistenceSeconds }: IpvsStep): Markup {
  const more = candidates.length - mostCandidates;
  return markup`<div class="table"><h5>Real servers</h5>
${persistenceSeconds !== undefined && markup`<p>A client stays with its real server for ${persistenceSeconds} s.</p>`}
<ul class="candidates">${candidates
    .slice(0, mostCandidates)
    .map(
      ({ address, port, weight, place }) =>
        markup`<li><code>${addressAndPort(address, port)}</code> weight ${weight}, ${placeText(place)}</li>`,
    )}</ul>${more > 0 && markup`<p>And ${countText(more, 'more real server')}.</p>`}</div>`;
}
