import { carries, type Packet } from '../../trace/packet.js';
import { matchKind } from '../kinds.js';
import { answer, type MatchKind, no } from '../match.js';
import { portsAnswer } from '../port-ranges.js';

const flagNames = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'];

/** Returns the flags of a connection's first packet, of the first answer, or of what follows. */
function flagsOf({ isReply, state }: Packet): readonly string[] {
  if (isReply) return ['SYN', 'ACK'];
  return state === 'ESTABLISHED' ? ['ACK'] : ['SYN'];
}

function flagList(text: string): readonly string[] {
  if (text === 'ALL') return flagNames;
  return text === 'NONE' ? [] : text.split(',');
}

function hasFlags(packet: Packet, [mask = '', set = '']: readonly string[]): boolean {
  const flags = flagsOf(packet);
  const wanted = flagList(set);
  return (
    flagList(mask).every(flag => flags.includes(flag) === wanted.includes(flag)) &&
    wanted.every(flag => flagList(mask).includes(flag))
  );
}

const options = matchKind('tcp', {
  '--sport': ([text], packet) => portsAnswer(packet.sourcePort, text),
  '--dport': ([text], packet) => portsAnswer(packet.destinationPort, text),
  '--tcp-flags': (values, packet) => answer(hasFlags(packet, values)),
  '--syn': (_, packet) => answer(hasFlags(packet, ['FIN,SYN,RST,ACK', 'SYN'])),
});

export const tcp: MatchKind = {
  name: 'tcp',
  test: (given, packet, node) => (carries(packet, 'TCP') ? options.test(given, packet, node) : no),
};
