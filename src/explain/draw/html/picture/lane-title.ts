import type { Lane } from './picture.js';

/** Returns `10.244.1.3:8080`, or with how many backends are treated alike: `10.244.1.3:8080 and 3 more`. */
export function laneTitle({ labels }: Lane): string {
  const [first = ''] = labels;
  return labels.length < 2 ? first : `${first} and ${labels.length - 1} more`;
}
