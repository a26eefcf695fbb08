import type { RuleChain } from '../../../node/datapath/datapath.js';
import type { DatapathIndex } from '../../datapath/datapath-index.js';
import type { Packet } from '../../trace/packet.js';
import type { Blame, Trace } from '../../trace/trace.js';
import type { Answer } from '../match.js';
import { parsedRule } from '../parse-rule.js';
import { changesNothing, type Move, moveOf, saidBy } from './moves.js';
import { type RuleAnswer, testRule } from './test-rule.js';
import type { AskedRule, Position, TableOutcome, TablePlace, TableWalk, WalkState, WhyOf } from './walk-state.js';
import { endsHere, forked, ruleBlame, ruleStep, tableStep, unknownEnd } from './walk-steps.js';

export type { TableOutcome, TablePlace, WhyOf } from './walk-state.js';

/** How many uncertain rules one walk through a table follows both ways: up to 64 ways. */
const maximumForks = 6;

/** The kernel refuses rules that go in a circle. A datapath from a file may have some. */
const maximumDepth = 500;

/**
 * Walks a packet through one built-in chain of one table, with all chains that it jumps to. If a rule may or may not
 * fit, the walk forks, and both ways go on to their own end.
 * @param go continues with the packet as it leaves the table. Its trace has to begin with `outcome.step`, which is not
 * added here. It is called once for each way out of the table.
 * @returns the trace from here on: what `go` returned, or a fork with the steps before it
 */
export function walkTable(
  node: DatapathIndex,
  place: TablePlace,
  packet: Packet,
  whyOf: WhyOf,
  go: (outcome: TableOutcome) => Trace,
): Trace {
  const chain = node.chain(packet.family, place.table, place.hook) ?? emptyChain;
  const walk = { node, place, whyOf, go, policy: chain.policy ?? 'ACCEPT' };
  const position = { chain, index: 0, depth: 0, parent: undefined };
  return run(walk, { packet, position, before: packet, steps: [], forks: 0, untracked: false });
}

const emptyChain: RuleChain = { name: '', policy: 'ACCEPT', rules: [] };

/** What follows a rule: the same walk, or the trace of everything after it. */
type Next =
  | { readonly state: WalkState; readonly trace?: undefined }
  | { readonly trace: Trace; readonly state?: undefined };

/** Asks one rule after another. Calls itself for the ways of a fork only: a chain may have 10,000 rules. */
function run(walk: TableWalk, start: WalkState): Trace {
  let state = start;
  for (;;) {
    const position = positionOfRule(state.position);
    if (position === undefined) return leaveByPolicy(walk, state);
    if (position.depth > maximumDepth) return unknownEnd(walk, state, 'the rules jump in a circle');
    const next = askRule(walk, { ...state, position });
    if (next.trace !== undefined) return next.trace;
    state = next.state;
  }
}

/** Returns the place of the next rule: at the end of a chain, behind the jump to it. Undefined at the very end. */
function positionOfRule(position: Position): Position | undefined {
  let current: Position | undefined = position;
  while (current !== undefined && current.index >= current.chain.rules.length) current = current.parent;
  return current;
}

function askRule(walk: TableWalk, state: WalkState): Next {
  const asked = askedRule(walk, state);
  if (asked === undefined) return { state: behind(state) };
  const rule = parsedRule(asked.rule.argv);
  const answer = testRule(rule, state.packet, walk.node);
  if (answer.answer.is === 'no') {
    state.steps.push(ruleStep(walk, asked, answer));
    return { state: behind(state) };
  }
  const effect = moveOf(walk, state, rule.target);
  if (answer.answer.is === 'yes') return doIt(walk, state, asked, answer, effect);
  return forkByRule(walk, state, asked, answer, answer.answer, effect);
}

function askedRule(walk: TableWalk, { packet, position }: WalkState): AskedRule | undefined {
  const { chain, index, depth } = position;
  const rule = chain.rules[index];
  const place = { family: packet.family, table: walk.place.table, chain: chain.name, number: index + 1 };
  return rule && { rule, depth, place };
}

const behind = (state: WalkState): WalkState => ({
  ...state,
  position: { ...state.position, index: state.position.index + 1 },
});

/** Does what a rule that fits says. */
function doIt(walk: TableWalk, state: WalkState, asked: AskedRule, answer: RuleAnswer, move: Move): Next {
  state.steps.push(ruleStep(walk, asked, answer, saidBy(move)));
  switch (move.kind) {
    case 'continue':
      return { state: behind({ ...state, packet: move.packet }) };
    case 'untracked':
      return { state: behind({ ...state, packet: move.packet, untracked: true }) };
    case 'enter':
      return { state: entered(state, move) };
    case 'return':
      return { state: { ...state, position: { ...state.position, index: state.position.chain.rules.length } } };
    case 'unknown':
      return { trace: forkByTarget(walk, state, move.why) };
    case 'reject':
      return { trace: leave(walk, state, 'reject', { blame: ruleBlame(asked), how: move.how }) };
    case 'drop':
      return { trace: leave(walk, state, 'drop', { blame: ruleBlame(asked) }) };
    default:
      return { trace: leave(walk, { ...state, packet: move.packet }, move.kind) };
  }
}

/** A goto does not come back: the end of its chain is the end of the chain that it was in. */
function entered(state: WalkState, { chain, returns }: Extract<Move, { kind: 'enter' }>): WalkState {
  const parent = returns ? behind(state).position : state.position.parent;
  return { ...state, position: { chain, index: 0, depth: state.position.depth + 1, parent } };
}

function leave(
  walk: TableWalk,
  state: WalkState,
  result: TableOutcome['result'],
  more: { readonly blame?: Blame; readonly how?: string; readonly policy?: string } = {},
): Trace {
  const { policy, ...rest } = more;
  const step = {
    ...tableStep(walk, state, result),
    ...(policy === undefined ? {} : { policy }),
    ...(state.forks > 0 && state.steps.length === 0 ? { note: `no rule follows, policy ${walk.policy}` } : {}),
  };
  return walk.go({ packet: state.packet, result, step, ...rest, ...(state.untracked ? { untracked: true } : {}) });
}

function leaveByPolicy(walk: TableWalk, state: WalkState): Trace {
  const { policy, place } = walk;
  if (policy === 'ACCEPT') return leave(walk, state, 'policy', { policy });
  const { family } = state.packet;
  const blame: Blame = { part: 'policy', family, table: place.table, chain: place.hook, policy };
  return leave(walk, state, 'drop', { policy, blame });
}

/** Follows the packet both ways: as if the rule fitted, and as if it did not. */
function forkByRule(
  walk: TableWalk,
  state: WalkState,
  asked: AskedRule,
  answer: RuleAnswer,
  maybe: Extract<Answer, { is: 'maybe' }>,
  move: Move,
): Next {
  state.steps.push(ruleStep(walk, asked, answer));
  if (changesNothing(move, state.packet)) return { state: behind(state) };
  if (state.forks >= maximumForks)
    return {
      trace: unknownEnd(walk, state, `${maximumForks + 1} rules in a row are uncertain, the last because ${maybe.why}`),
    };
  const { share, isUnknown } = maybe;
  const fits: RuleAnswer = { answer: { is: 'yes', because: { text: maybe.why } }, failed: undefined };
  const branches = [
    {
      label: 'the rule matches',
      share,
      trace: proceed(walk, doIt(walk, branched(state), asked, fits, move)),
    },
    {
      label: 'the rule does not match',
      share: share === undefined ? undefined : 1 - share,
      trace: run(walk, behind(branched(state))),
    },
  ];
  return { trace: forked(walk, state, isUnknown ? 'unknown' : 'chance', branches) };
}

/** Follows the packet as if an unknown target let it go on. What else may happen is not known. */
function forkByTarget(walk: TableWalk, state: WalkState, why: string): Trace {
  if (state.forks >= maximumForks) return unknownEnd(walk, state, why);
  const goesOn = {
    label: 'the packet goes on',
    share: undefined,
    trace: run(walk, behind(branched(state))),
  };
  return forked(walk, state, 'unknown', [goesOn, endsHere(why)]);
}

const proceed = (walk: TableWalk, next: Next): Trace => next.trace ?? run(walk, next.state);

/** Returns the state at the begin of a way of a fork. */
const branched = (state: WalkState): WalkState => ({
  ...state,
  before: state.packet,
  steps: [],
  forks: state.forks + 1,
});
