import { answer, type MatchKind, unknown } from '../match.js';

/**
 * Fits a packet by the process that sends it. A packet of another machine has no process: it fits options after `!`
 * only, and only if all are. Source: xt_owner.c.
 */
export const owner: MatchKind = {
  name: 'owner',
  test: (options, { inputDevice, isReply, isError }) =>
    inputDevice === undefined && !isReply && isError !== true
      ? unknown('which user sends the packet is not known')
      : answer(options.every(({ isNegated }) => isNegated)),
};
