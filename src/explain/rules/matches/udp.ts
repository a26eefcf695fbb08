import { carries } from '../../trace/packet.js';
import { matchKind } from '../kinds.js';
import { type MatchKind, no } from '../match.js';
import { portsAnswer } from '../port-ranges.js';

const options = matchKind('udp', {
  '--sport': ([text], packet) => portsAnswer(packet.sourcePort, text),
  '--dport': ([text], packet) => portsAnswer(packet.destinationPort, text),
});

export const udp: MatchKind = {
  name: 'udp',
  test: (given, packet, node) => (carries(packet, 'UDP') ? options.test(given, packet, node) : no),
};
