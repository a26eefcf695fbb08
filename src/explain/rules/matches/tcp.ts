import { carries, type Packet } from '../../trace/packet.js';
import { matchKind, type OptionTest } from '../kinds.js';
import { answer, chance, type MatchKind, no } from '../match.js';
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

/** Options that systems put into a packet that begins a TCP connection, by their numbers, and into all others. */
const usualOptions = { first: ['2', '3', '4', '8'], later: ['8'] } as const;

/** Multipath TCP and fast open, which a client may use. */
const rareOptions: readonly string[] = ['30', '34'];

const hasOption: OptionTest = ([option = ''], packet) => {
  if (rareOptions.includes(option)) return chance(`it depends on whether the client uses the TCP option ${option}`);
  const usual = flagsOf(packet).includes('SYN') ? usualOptions.first : usualOptions.later;
  return answer((usual as readonly string[]).includes(option));
};

const options = matchKind('tcp', {
  '--sport': ([text], packet) => portsAnswer(packet.sourcePort, text),
  '--dport': ([text], packet) => portsAnswer(packet.destinationPort, text),
  '--tcp-flags': (values, packet) => answer(hasFlags(packet, values)),
  '--tcp-option': hasOption,
  '--syn': (_, packet) => answer(hasFlags(packet, ['FIN,SYN,RST,ACK', 'SYN'])),
});

export const tcp: MatchKind = {
  name: 'tcp',
  test: (given, packet, node) => (carries(packet, 'TCP') ? options.test(given, packet, node) : no),
};
