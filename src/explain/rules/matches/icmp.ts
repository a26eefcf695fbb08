import type { Family } from '../../../net/address.js';
import { type MatchKind, no, signed, unknown, yes } from '../match.js';

/** The number of `destination unreachable`, the only kind of error that a rejection sends. */
const unreachable: Readonly<Record<Family, string>> = { IPv4: '3', IPv6: '1' };

/** A Service's packets are TCP, UDP or SCTP. The errors about them are the only ICMP packets of a walk. */
const icmpKind = (name: string): MatchKind => ({
  name,
  test: (options, packet) => {
    if (packet.isError !== true) return no;
    const [option] = options;
    if (option === undefined) return yes;
    const [type = ''] = option.values;
    if (type === 'any' || type === unreachable[packet.family]) return signed(option, yes);
    return type.startsWith(`${unreachable[packet.family]}/`)
      ? unknown('the code of the ICMP error is not known')
      : signed(option, no);
  },
});

export const icmp = icmpKind('icmp');
export const icmp6 = icmpKind('icmp6');
