import type { Packet } from '../../trace/packet.js';
import { optionOf } from '../kinds.js';
import type { Effect, TargetKind } from '../target.js';
import { unknownOptionOf } from './unknown-option.js';

/** A packet that conntrack has seen already stays what it is. Source: notrack_tg in xt_CT.c. */
const untracked = (packet: Packet): Effect => ({ kind: 'untracked', packet: { ...packet, state: 'UNTRACKED' } });

export const notrack: TargetKind = { name: 'NOTRACK', apply: (_, packet) => untracked(packet) };

/** Options about what conntrack does with the connection later, which changes nothing for its first packets. */
const harmless: readonly string[] = ['--helper', '--timeout', '--ctevents', '--expevents'];

export const ct: TargetKind = {
  name: 'CT',
  apply(options, packet) {
    if (optionOf(options, '--notrack')) return untracked(packet);
    if (options.every(({ name }) => harmless.includes(name))) return { kind: 'continue', packet };
    return unknownOptionOf('CT', options);
  },
};
