import type { Flow } from '../../../explanation.js';
import type { BackendPlace, Branch, End, Fork, Step } from '../../../trace/trace.js';
import { alikeBranches } from '../../alike.js';
import { align, faintRow, type Row } from './align.js';
import { slotsFor } from './slots.js';
import { type Station, stationsOf } from './station.js';
import { withStop } from './stop.js';

/** A flow as it is drawn and listed: the way up to the first fork, and a lane for each way after it. */
export interface Picture {
  readonly trunk: readonly Row[];
  readonly lanes: readonly Lane[];
  /** The end of a way without a fork. */
  readonly end: End | undefined;
  /** What makes the ways different: the choice of a backend, chance, or a rule that kproxy does not understand. */
  readonly forkedBy: string | undefined;
}

/** A way after the fork. Backends that are treated alike have one lane. */
export interface Lane {
  readonly labels: readonly string[];
  /** Where the backends are. Undefined if the fork is about something else. */
  readonly place: BackendPlace | undefined;
  readonly share: number | undefined;
  readonly rows: readonly Row[];
  readonly end: End;
}

/** The end of a way after the first fork. */
interface Leaf {
  /** What was chosen at each fork. All branches of one choice are treated alike. */
  readonly choices: readonly (readonly [Branch, ...Branch[]])[];
  /** All steps after the first fork. */
  readonly steps: readonly Step[];
  readonly end: End;
}

export function pictureOf({ trace }: Flow): Picture {
  const trunkStations = stationsOf(trace.steps);
  if (trace.end.kind === 'end') {
    const { rows, rest } = align(withStop(trunkStations, trace.end), slotsFor(trace.steps));
    return { trunk: [...rows, ...rest.flatMap(faintRow)], lanes: [], end: trace.end, forkedBy: undefined };
  }
  const leaves = leavesAfter(trace.end);
  // Which hooks are passed without a rule is known only at the end of a way.
  const { rows, rest } = align(trunkStations, slotsFor([...trace.steps, ...(leaves[0]?.steps ?? [])]));
  const lanes = leaves.map(leaf => laneOf(leaf, trace.steps, trunkStations.at(-1), rest.length));
  return { trunk: rows, lanes, end: undefined, forkedBy: forkTexts[trace.end.by] };
}

const forkTexts = {
  backend: 'IPVS selects a backend',
  chance: 'chance decides',
  unknown: 'not understood: both ways are possible',
} as const;

/** @param left how many of the places are not in the trunk */
function laneOf({ choices, steps, end }: Leaf, before: readonly Step[], last: Station | undefined, left: number): Lane {
  const all = slotsFor([...before, ...steps]);
  const { rows, rest } = align(withStop(stationsOf(steps), end), all.slice(all.length - left), last);
  return {
    labels: labelsOf(choices),
    place: choices.flat().find(({ backend }) => backend !== undefined)?.backend?.place,
    share: choices.map(shareOfChoice).reduce(product, 1),
    rows: [...rows, ...rest.flatMap(faintRow)],
    end,
  };
}

const labelsOf = ([first, ...more]: Leaf['choices']): readonly string[] =>
  (first ?? []).map(({ label }) => [label, ...more.map(([branch]) => branch.label)].join(', '));

const shareOfChoice = (choice: readonly Branch[]): number | undefined =>
  choice.reduce<number | undefined>(
    (total, { share }) => (total === undefined || share === undefined ? undefined : total + share),
    0,
  );

const product = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? undefined : one * other;

function leavesAfter({ branches }: Fork): readonly Leaf[] {
  return alikeBranches(branches).flatMap(choice => {
    const { steps, end } = choice[0].trace;
    if (end.kind === 'end') return [{ choices: [choice], steps, end }];
    return leavesAfter(end).map(leaf => ({
      choices: [choice, ...leaf.choices],
      steps: [...steps, ...leaf.steps],
      end: leaf.end,
    }));
  });
}
