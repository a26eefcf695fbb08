import { placeText, shareText } from '../../words.js';
import type { Lane } from './picture.js';

/** Returns `10.244.1.3:8080`, or with how many backends are treated alike: `10.244.1.3:8080 and 3 more`. */
export function laneTitle({ labels }: Lane): string {
  const [first = ''] = labels;
  return labels.length < 2 ? first : `${first} and ${labels.length - 1} more`;
}

/** Returns `on this node, 50 % of the connections`, or undefined if neither is known. */
export function laneNote({ place, share }: Lane): string | undefined {
  const parts = [place && placeText(place), share === undefined ? undefined : `${shareText(share)} of the connections`];
  const known = parts.filter(part => part !== undefined);
  return known.length === 0 ? undefined : known.join(', ');
}
