import type { Flow } from '../../explanation.js';
import type { End, Verdict } from '../../trace/trace.js';
import { clientSource, targetText } from '../words.js';

/** A sign that repeats each verdict. The word is always beside it. */
export const signs: Readonly<Record<Verdict, string>> = {
  answered: '✓',
  refused: '✕',
  dropped: '✕',
  unanswered: '✕',
  unknown: '?',
};

/** Returns `a Pod on this node (10.244.1.9)`. */
export function clientText(flow: Flow): string {
  const { label } = flow.client;
  const address = clientSource(flow);
  return address === undefined || label.includes(address) ? label : `${label} (${address})`;
}

export const flowTargetText = ({ target: { address, port }, protocol }: Flow): string =>
  targetText(address, port, protocol);

/** Returns how a way ends, for the place at which it does: `✕ refused: Connection refused`. */
export const outcomeText = ({ verdict, clientSees }: End): string =>
  verdict === 'answered' ? `${signs.answered} ${clientSees}` : `${signs[verdict]} ${verdict}: ${clientSees}`;
