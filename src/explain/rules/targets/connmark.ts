import type { Packet } from '../../trace/packet.js';
import { optionOf, valueOfOption } from '../kinds.js';
import { markText, parseMark, withMark } from '../marks.js';
import type { RuleOption } from '../rule.js';
import type { Effect, TargetKind } from '../target.js';
import { markChange } from './mark.js';
import { unknownOptionOf } from './unknown-option.js';

/** Sets the connection's mark, saves the packet's there, or restores it. Source: connmark_tg in xt_connmark.c. */
export const connmark: TargetKind = {
  name: 'CONNMARK',
  apply(options, packet) {
    if (packet.state === 'UNTRACKED' || packet.state === 'INVALID') return { kind: 'continue', packet };
    const masks = masksOf(options);
    if (masks === undefined || !options.every(isKnown)) return unknownOptionOf('CONNMARK', options);
    if (optionOf(options, '--save-mark')) return saved(packet, masks);
    if (optionOf(options, '--restore-mark')) return restored(packet, masks);
    const change = options[0] && markChange(options[0]);
    if (change === undefined) return unknownOptionOf('CONNMARK', options);
    return withConnectionMark(packet, withMark(packet.connectionMark, change));
  },
};

const isKnown = ({ name }: RuleOption): boolean => !name.endsWith('-shift-mark');

interface Masks {
  readonly packet: number;
  readonly connection: number;
}

/** Returns the bits of both marks that are copied, or undefined if they are not understood. All bits by default. */
function masksOf(options: readonly RuleOption[]): Masks | undefined {
  const both = valueOfOption(options, '--mask') ?? '0xffffffff';
  const packet = parseMark(valueOfOption(options, '--nfmask') ?? both);
  const connection = parseMark(valueOfOption(options, '--ctmask') ?? both);
  return packet && connection && { packet: packet.value, connection: connection.value };
}

const saved = (packet: Packet, { packet: packetMask, connection }: Masks): Effect =>
  withConnectionMark(
    packet,
    withMark(packet.connectionMark, { value: (packet.mark & packetMask) >>> 0, mask: connection }),
  );

function restored(packet: Packet, { packet: packetMask, connection }: Masks): Effect {
  const value = (packet.connectionMark & connection) >>> 0;
  const mark = withMark(packet.mark, { value, mask: packetMask });
  return { kind: 'continue', packet: { ...packet, mark }, said: `mark ${markText(mark)}` };
}

const withConnectionMark = (packet: Packet, connectionMark: number): Effect => ({
  kind: 'continue',
  packet: { ...packet, connectionMark },
  said: `connection mark ${markText(connectionMark)}`,
});
