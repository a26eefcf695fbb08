import { endsOf, type Packet } from '../packet.js';
import { type TableOutcome, walkTable } from '../rules/walk-table.js';
import type { Hook, TableStep, Trace, Way } from '../trace.js';
import { isBeingSent, noAnswer, seenOfDrop, seenOfRejection } from './client-errors.js';
import { withError } from './error-way.js';
import { ended, notUnderstood, prepend } from './trace-building.js';
import type { Go, Walk } from './walk.js';

/** Some of a hook's tables, in the kernel's order. */
export interface Pass {
  readonly hook: Hook;
  readonly way: Way;
  readonly tables: readonly ('raw' | 'mangle' | 'nat' | 'filter' | 'security')[];
  /** True if the packet has passed other tables of the hook before, whose step shows its ends. */
  readonly isRest?: boolean;
  /** What follows if a rule drops or rejects the packet. By default the trace ends with that. */
  readonly onStop?: () => Trace;
  /** The gateway that the packet is sent to, or its destination. Undefined before routing. */
  readonly nextHop?: string | undefined;
  /** False if conntrack sees the packet only after the table raw of this hook. */
  readonly isTracked?: boolean;
}

/**
 * Walks a packet through tables of a hook. `nat` is asked only for the first packet of a connection that conntrack
 * tracks: its answer holds for all others. With `isEstablished` the walk shows what that first packet got. A hook at
 * which no table has a rule has one step without rules, so that the packet's ends there are shown.
 */
export const passHook = (walk: Walk, pass: Pass, packet: Packet, go: Go): Trace =>
  passTables(walk, pass, pass.tables, packet, pass.isRest === true, go);

function passTables(
  walk: Walk,
  pass: Pass,
  [table, ...tables]: Pass['tables'],
  packet: Packet,
  isShown: boolean,
  go: Go,
): Trace {
  if (table === undefined) return isShown ? go(packet) : prepend([emptyStep(pass, packet)], go(packet));
  const next = (after: Packet, isNowShown: boolean) => passTables(walk, pass, tables, after, isShown || isNowShown, go);
  if (table === 'nat') return isFirst(walk, packet) ? passNat(walk, pass, packet, next) : next(packet, false);
  const seen = table === 'raw' && pass.isTracked !== true ? ({ ...packet, state: 'INVALID' } as const) : packet;
  return passTable(walk, pass, table, seen, outcome =>
    next({ ...outcome.packet, state: isUntracked(pass, outcome) ? 'UNTRACKED' : packet.state }, hasRules(outcome)),
  );
}

/** NOTRACK has no effect on a packet that conntrack knows already. */
const isUntracked = ({ isTracked }: Pass, { untracked }: TableOutcome): boolean =>
  untracked === true && isTracked !== true;

/** A way of a fork may have no further rule, although the table has some. */
const hasRules = ({ step }: TableOutcome): boolean => step.rules.length > 0 || step.note !== undefined;

/** The table that people think of first at a hook. */
const mainTables: Readonly<Record<Hook, string>> = {
  PREROUTING: 'nat',
  INPUT: 'filter',
  FORWARD: 'filter',
  OUTPUT: 'filter',
  POSTROUTING: 'nat',
};

const emptyStep = ({ hook, way, tables }: Pass, packet: Packet): TableStep => ({
  kind: 'table',
  way,
  hook,
  table: mainTables[hook],
  before: endsOf(packet),
  ends: endsOf(packet),
  markBefore: packet.mark,
  markAfter: packet.mark,
  rules: [],
  result: 'policy',
  policy: 'ACCEPT',
  note:
    mainTables[hook] === 'nat' && (way === 'back' || !tables.includes('nat'))
      ? 'rules of nat are only for the first packet of a connection'
      : 'there are no rules',
});

const isFirst = ({ question }: Walk, { state, isReply }: Packet): boolean =>
  !isReply && (state === 'NEW' || (question.isEstablished && state === 'ESTABLISHED'));

type Next = (packet: Packet, isShown: boolean) => Trace;

function passNat(walk: Walk, pass: Pass, packet: Packet, next: Next): Trace {
  return passTable(walk, pass, 'nat', { ...packet, state: 'NEW' }, outcome => {
    const { packet: after, result } = outcome;
    const isSource = pass.hook === 'POSTROUTING' || pass.hook === 'INPUT';
    const translated = {
      ...after,
      state: packet.state,
      isSourceTranslated: after.isSourceTranslated || (result === 'translate' && isSource),
      isDestinationTranslated: after.isDestinationTranslated || (result === 'translate' && !isSource),
    };
    return next(translated, hasRules(outcome));
  });
}

function passTable(
  walk: Walk,
  { hook, way, onStop, nextHop }: Pass,
  table: string,
  packet: Packet,
  next: (outcome: TableOutcome) => Trace,
): Trace {
  return walkTable(walk.node, { hook, table, way, nextHop }, packet, walk.world.whyOf, outcome => {
    const { step, result } = outcome;
    const steps = hasRules(outcome) || step.policy === 'DROP' ? [step] : [];
    if (result !== 'drop' && result !== 'reject') return prepend(steps, spend(walk, next, outcome));
    return prepend(steps, onStop === undefined ? stopped(walk, outcome, way) : onStop());
  });
}

/** Ends a walk that forks so often that its trace could not be read any more. */
function spend(walk: Walk, next: (outcome: TableOutcome) => Trace, outcome: TableOutcome): Trace {
  walk.budget.left -= 1;
  return walk.budget.left < 0 ? notUnderstood('too many rules may or may not match') : next(outcome);
}

function stopped(walk: Walk, { result, how = '', blame, packet }: TableOutcome, way: Way): Trace {
  const more = blame === undefined ? {} : { blame };
  // The sender of an answer gets the rejection. The client waits.
  if (way === 'back') return ended('dropped', noAnswer, more);
  if (result === 'reject') {
    const end = ended('refused', seenOfReject(packet, how), more);
    return how === 'tcp-reset' ? end : withError(walk, packet, end);
  }
  return ended('dropped', seenOfDrop(packet), more);
}

function seenOfReject(packet: Packet, how: string): string {
  if (packet.protocol === 'UDP' && isBeingSent(packet)) return seenOfDrop(packet);
  // The kernel sends a reset to a port of a bridge past IPVS, so that it does not come from the VIP.
  const isPastIpvs = how === 'tcp-reset' && packet.virtual !== undefined && packet.bridgePortIn !== undefined;
  return isPastIpvs ? noAnswer : seenOfRejection(how, packet.protocol);
}
