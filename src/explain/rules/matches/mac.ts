import { type MatchKind, no, unknown } from '../match.js';

/** The hardware address that a packet came from. One of the node's own has none, and fits not even `!`. */
export const mac: MatchKind = {
  name: 'mac',
  test: (_, { inputDevice, isReply, isError }) =>
    (inputDevice === undefined && !isReply) || isError === true
      ? no
      : unknown('the hardware address of the client is not known'),
};
