import type { FlowResult } from './cause-input.js';

/**
 * Returns true if a flow is treated alike on two datapaths: it ends alike, and the same backends get it from the same
 * sources. How large the backends' shares are does not count.
 */
export const sameResult = (one: FlowResult, other: FlowResult): boolean =>
  one.verdict === other.verdict && backendsText(one) === backendsText(other);

const backendsText = ({ backends }: FlowResult): string =>
  backends
    .filter(({ share }) => share !== 0)
    .map(({ address, port, place, source, verdict }) => [address, port, place, source, verdict].join(' '))
    .sort()
    .join('\n');
