import { matchKind, type OptionTest } from '../kinds.js';
import { type Answer, answer, chance, type MatchKind, no, unknown } from '../match.js';
import { parsePorts } from '../port-ranges.js';

/** The values that a field of a header has in usual packets. Both ends belong to them. */
interface Usual {
  readonly first: number;
  readonly last: number;
}

/** A packet has at least 28 bytes with a header of UDP, and at most those of the largest frames. */
const lengths: Usual = { first: 28, last: 9000 };

/** Systems begin with 64, 128 or 255, and no way has more than 32 hops. */
const hopsLeft: Usual = { first: 32, last: 255 };

/** What systems write into the first packets of TCP: the least that IPv4 demands, up to the size of large frames. */
const segmentSizes: Usual = { first: 536, last: 8960 };

/** Returns `yes` if all usual values are in a range, `no` if none is, else that it depends on the packet. */
function within(usual: Usual, first: number, last: number, what: string): Answer {
  if (first <= usual.first && last >= usual.last) return answer(true);
  return last < usual.first || first > usual.last ? no : chance(`it depends on ${what}`);
}

const range =
  (usual: Usual, what: string): OptionTest =>
  ([text = '']) => {
    const found = parsePorts(text);
    return found === undefined
      ? unknown(`kproxy does not know the range ${text}`)
      : within(usual, found.first, found.last, what);
  };

const hops = (prefix: string): Readonly<Record<string, OptionTest>> => {
  const what = 'how many hops are left to the packet';
  return {
    [`${prefix}-eq`]: ([text]) => within(hopsLeft, Number(text), Number(text), what),
    [`${prefix}-lt`]: ([text]) => within(hopsLeft, 0, Number(text) - 1, what),
    [`${prefix}-gt`]: ([text]) => within(hopsLeft, Number(text) + 1, 255, what),
  };
};

/** Packets of Services usually have no type of service. */
const zero: OptionTest = ([text = '']) => {
  const [value = '', mask = '0xff'] = text.split('/');
  return answer((Number(value) & Number(mask)) === 0);
};

/** Matches of what a packet has in its header besides addresses and ports. */
export const usualHeaders: readonly MatchKind[] = [
  matchKind('length', { '--length': range(lengths, 'the length of the packet') }),
  matchKind('ttl', hops('--ttl')),
  matchKind('hl', hops('--hl')),
  matchKind('dscp', { '--dscp': zero }),
  matchKind('tos', { '--tos': zero }),
  {
    name: 'tcpmss',
    // A packet without the option fits only after `!`. Source: tcpmss_mt in xt_tcpmss.c.
    test: (options, packet, node) =>
      packet.protocol === 'TCP' && packet.isError !== true && (packet.isReply || packet.state !== 'ESTABLISHED')
        ? matchKind('tcpmss', { '--mss': range(segmentSizes, 'the segment size of the client') }).test(
            options,
            packet,
            node,
          )
        : answer(options.some(({ isNegated }) => isNegated)),
  },
];
