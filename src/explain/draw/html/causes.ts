import type { Cause, Flow } from '../../explanation.js';
import { causeKey } from '../cause-key.js';
import { type Markup, markup } from './markup.js';
import { clientText, flowTargetText, signs } from './words.js';

/** A cause with the flows that suffer from it. */
export interface SharedCause {
  readonly cause: Cause;
  readonly flows: readonly Flow[];
}

/** Returns the causes of all flows, each once, in the order of the flows. */
export function sharedCauses(flows: readonly Flow[]): readonly SharedCause[] {
  const byText = new Map<string, SharedCause>();
  for (const flow of flows) {
    const { cause } = flow;
    if (cause === undefined) continue;
    const text = causeKey(cause);
    byText.set(text, { cause, flows: [...(byText.get(text)?.flows ?? []), flow] });
  }
  return [...byText.values()];
}

/** Returns what fails, why, and the commands that fix it. */
export const causeOf = ({ cause, flows }: SharedCause, index: number): Markup => markup`<section class="cause"
 id="cause-${index}" aria-labelledby="cause-${index}-title">
<h2 id="cause-${index}-title"><span class="sign" aria-hidden="true">${signs.refused}</span> ${cause.summary}</h2>
${cause.why !== undefined && markup`<p>${cause.why}</p>`}
${cause.nearMisses.map(text => markup`<p class="near">${text}</p>`)}
${
  cause.commands.length > 0 &&
  markup`<p class="fix">Fix it on the node with:</p>
<pre tabindex="0" aria-label="Commands that fix it"><code>${cause.commands.join('\n')}</code></pre>`
}
<p class="concerned">Concerns ${concernedText(flows)}.</p></section>`;

const mostNamed = 4;

function concernedText(flows: readonly Flow[]): string {
  const names = flows.slice(0, mostNamed).map(flow => `${clientText(flow)} to ${flowTargetText(flow)}`);
  const more = flows.length - mostNamed;
  return names.join('; ') + (more > 0 ? `; and ${more} more` : '');
}
