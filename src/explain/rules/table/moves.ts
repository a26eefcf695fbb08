import type { RuleChain } from '../../../node/datapath/datapath.js';
import type { Packet } from '../../trace/packet.js';
import type { RuleTarget } from '../rule.js';
import type { Effect } from '../target.js';
import { targetKinds } from '../targets/index.js';
import type { TableWalk, WalkState } from './walk-state.js';

/** What a rule does: the effect of its target, or a jump. */
export type Move = Effect | { readonly kind: 'enter'; readonly chain: RuleChain; readonly returns: boolean };

/** Returns what a rule with this target does with the packet. A name may be that of a target or of a chain. */
export function moveOf(walk: TableWalk, { packet }: WalkState, target: RuleTarget | undefined): Move {
  const { node, place } = walk;
  if (target === undefined) return { kind: 'continue', packet };
  const chain = node.chain(packet.family, place.table, target.name);
  if (chain !== undefined) return { kind: 'enter', chain, returns: target.kind === 'jump' };
  const kind = target.kind === 'jump' ? targetKinds.get(target.name) : undefined;
  if (kind === undefined)
    return { kind: 'unknown', why: `kproxy knows neither a target nor a chain with the name ${target.name}` };
  return kind.apply(target.options, packet, node, { hook: place.hook, nextHop: place.nextHop });
}

/** Returns what a rule did in words, if its own words do not say it. */
export function saidBy(move: Move): string | undefined {
  if (move.kind === 'unknown') return move.why;
  return 'said' in move ? move.said : undefined;
}

/** A rule that only reports or counts makes no difference: whether it fits need not be known. */
export const changesNothing = (move: Move, packet: Packet): boolean =>
  move.kind === 'continue' && move.packet === packet;
