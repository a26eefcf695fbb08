import { matchKind } from '../kinds.js';
import { type Answer, type MatchKind, no } from '../match.js';
import { portsAnswer } from '../port-ranges.js';

const either = (one: Answer, other: Answer): Answer =>
  one.is === 'yes' || (one.is === 'maybe' && other.is === 'no') ? one : other;

const options = matchKind('multiport', {
  '--sports': ([text], packet) => portsAnswer(packet.sourcePort, text),
  '--dports': ([text], packet) => portsAnswer(packet.destinationPort, text),
  '--ports': ([text], packet) =>
    either(portsAnswer(packet.sourcePort, text), portsAnswer(packet.destinationPort, text)),
});

/** Lists of ports and ranges. The protocol, which has to be one with ports, is in the rule's `-p`. */
export const multiport: MatchKind = {
  name: 'multiport',
  test: (given, packet, node) => (packet.isError === true ? no : options.test(given, packet, node)),
};
