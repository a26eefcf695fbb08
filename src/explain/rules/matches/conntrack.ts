import type { Ends, Packet } from '../../trace/packet.js';
import { matchKind, type OptionTest, optionOf } from '../kinds.js';
import { answer, type MatchKind, signed, unknown } from '../match.js';
import { portsAnswer } from '../port-ranges.js';
import { ownOptions, protocolAnswer } from './own-options.js';

const hasConnection = ({ state }: Packet): boolean => state !== 'UNTRACKED' && state !== 'INVALID';

function statesOf(packet: Packet): readonly string[] {
  const { state, isSourceTranslated, isDestinationTranslated } = packet;
  if (!hasConnection(packet)) return [state];
  return [state, ...(isSourceTranslated ? ['SNAT'] : []), ...(isDestinationTranslated ? ['DNAT'] : [])];
}

const states: OptionTest = ([text = ''], packet) =>
  answer(
    text.split(',').some(state => statesOf(packet).includes(state)),
    { text: `its state is ${packet.state}` },
  );

/** Asks about the connection's first packet as it was before any change. */
const original =
  (option: '-s' | '-d'): OptionTest =>
  (values, packet, node) =>
    ownOptions.test([{ isNegated: false, name: option, values }], { ...packet, ...packet.original }, node);

const originalPort =
  (end: keyof Ends & `${string}Port`): OptionTest =>
  ([text], packet) =>
    portsAnswer(packet.original[end], text);

const notDerived: OptionTest = () => unknown('kproxy does not know which ends conntrack expects of the answer');

const options = matchKind('conntrack', {
  '--ctstate': states,
  '--ctproto': ([text = ''], packet) => protocolAnswer(text, packet),
  '--ctdir': ([text], packet) => answer((text?.toUpperCase() === 'REPLY') === packet.isReply),
  '--ctorigsrc': original('-s'),
  '--ctorigdst': original('-d'),
  '--ctorigsrcport': originalPort('sourcePort'),
  '--ctorigdstport': originalPort('destinationPort'),
  '--ctreplsrc': notDerived,
  '--ctrepldst': notDerived,
  '--ctreplsrcport': notDerived,
  '--ctrepldstport': notDerived,
});

/**
 * What conntrack knows of a packet. Of a packet without a connection only the state counts: if it fits, no other option
 * is asked. Source: conntrack_mt in xt_conntrack.c.
 */
export const conntrack: MatchKind = {
  name: 'conntrack',
  test(given, packet, node) {
    if (hasConnection(packet)) return options.test(given, packet, node);
    const state = optionOf(given, '--ctstate');
    return state === undefined ? answer(false) : signed(state, states(state.values, packet, node));
  },
};

/** The older form of `conntrack`, without the states SNAT and DNAT. */
export const state: MatchKind = matchKind('state', {
  '--state': ([text = ''], packet) =>
    answer(text.split(',').includes(packet.state), { text: `its state is ${packet.state}` }),
});
