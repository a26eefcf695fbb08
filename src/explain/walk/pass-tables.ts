import { type TableOutcome, walkTable } from '../rules/table/walk-table.js';
import { endsOf, type Packet } from '../trace/packet.js';
import type { Hook, TableStep, Trace } from '../trace/trace.js';
import { notUnderstood, prepend } from '../trace/trace-building.js';
import type { Pass } from './passes.js';
import type { Go, Walk } from './walk.js';

/** What stays the same on the way through the tables of a hook. */
interface Stage {
  readonly walk: Walk;
  readonly pass: Pass;
  readonly go: Go;
  /** Returns what follows if a rule drops or rejects the packet. */
  readonly onStop: (outcome: TableOutcome) => Trace;
}

/**
 * Walks a packet through tables of a hook. `nat` is asked only for the first packet of a connection that conntrack
 * tracks: its answer holds for all others. With `isEstablished` the walk shows what that first packet got. A hook at
 * which no table has a rule has one step without rules, so that the packet's ends there are shown.
 */
export const passTables = (stage: Stage, packet: Packet): Trace =>
  passEach(stage, stage.pass.tables, packet, stage.pass.isRest === true);

function passEach(stage: Stage, [table, ...tables]: Pass['tables'], packet: Packet, isShown: boolean): Trace {
  const { walk, pass, go } = stage;
  if (table === undefined) return isShown ? go(packet) : prepend([emptyStep(pass, packet)], go(packet));
  const next = (after: Packet, isNowShown: boolean) => passEach(stage, tables, after, isShown || isNowShown);
  if (table === 'nat') return isFirst(walk, packet) ? passNat(stage, packet, next) : next(packet, false);
  const seen = table === 'raw' && pass.isTracked !== true ? ({ ...packet, state: 'INVALID' } as const) : packet;
  return passTable(stage, table, seen, outcome =>
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

function passNat(stage: Stage, packet: Packet, next: Next): Trace {
  const { pass } = stage;
  return passTable(stage, 'nat', { ...packet, state: 'NEW' }, outcome => {
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
  { walk, pass: { hook, way, nextHop }, onStop }: Stage,
  table: string,
  packet: Packet,
  next: (outcome: TableOutcome) => Trace,
): Trace {
  return walkTable(walk.node, { hook, table, way, nextHop }, packet, walk.surroundings.whyOf, outcome => {
    const { step, result } = outcome;
    const steps = hasRules(outcome) || step.policy === 'DROP' ? [step] : [];
    if (result !== 'drop' && result !== 'reject') return prepend(steps, spend(walk, next, outcome));
    return prepend(steps, onStop(outcome));
  });
}

/** Ends a walk that forks so often that its trace could not be read any more. */
function spend(walk: Walk, next: (outcome: TableOutcome) => Trace, outcome: TableOutcome): Trace {
  walk.budget.left -= 1;
  return walk.budget.left < 0 ? notUnderstood('too many rules may or may not match') : next(outcome);
}
