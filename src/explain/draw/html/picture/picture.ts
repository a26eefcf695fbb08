import type { Flow } from '../../../explanation.js';
import type { BackendChoice, BackendPlace, Branch, End, Step, Trace } from '../../../trace.js';
import { align, faintRow, type Row } from './align.js';
import { type Slot, slotsFor } from './slots.js';
import { type Station, stationsOf } from './station.js';

/** A flow as it is drawn and listed: the way up to the first fork, and a lane for each way after it. */
export interface Picture {
  readonly trunk: readonly Row[];
  readonly lanes: readonly Lane[];
  /** The end of a way without a fork. */
  readonly end: End | undefined;
  /** What makes the ways different: the choice of a backend, chance, or a rule that kproxy does not understand. */
  readonly forkedBy: string | undefined;
}

/** Ways that differ only in the address and port of the backend are one lane. */
export interface Lane {
  readonly labels: readonly string[];
  /** Where the backends are. Undefined if the fork is about something else. */
  readonly place: BackendPlace | undefined;
  readonly share: number | undefined;
  readonly rows: readonly Row[];
  readonly end: End;
}

interface Leaf {
  readonly branches: readonly Branch[];
  readonly steps: readonly Step[];
  readonly end: End;
}

export function pictureOf({ trace }: Flow): Picture {
  const trunkStations = stationsOf(trace.steps);
  if (trace.end.kind === 'end') {
    const { rows, rest } = align(trunkStations, slotsFor(trace.steps));
    return { trunk: [...rows, ...rest.map(faintRow)], lanes: [], end: trace.end, forkedBy: undefined };
  }
  const groups = grouped(leavesOf(trace, []));
  const [first] = groups;
  // The trunk's rows must not depend on a lane, and which hooks are passed without a rule is known at the end of one.
  const slots = slotsFor([...trace.steps, ...(first?.[0]?.steps ?? [])]);
  const { rows, rest } = align(trunkStations, slots);
  const lanes = groups.map(group => laneOf(group, trace.steps, trunkStations.at(-1), rest.length));
  return { trunk: rows, lanes, end: undefined, forkedBy: forkTexts[trace.end.by] };
}

const forkTexts = {
  backend: 'IPVS selects a backend',
  chance: 'chance decides',
  unknown: 'not understood: both ways are possible',
} as const;

function laneOf(group: readonly Leaf[], before: readonly Step[], previous: Station | undefined, left: number): Lane {
  const [{ steps, end, branches }] = group as [Leaf];
  const slots: readonly Slot[] = slotsFor([...before, ...steps]).slice(-left);
  const { rows, rest } = align(stationsOf(steps), left === 0 ? [] : slots, previous);
  return {
    labels: group.map(({ branches: path }) => path.map(({ label }) => label).join(', ')),
    place: backendOf(branches)?.place,
    share: branches.length === 0 ? undefined : sum(group.map(shareOf)),
    rows: [...rows, ...rest.map(faintRow)],
    end,
  };
}

const shareOf = ({ branches }: Leaf): number | undefined =>
  branches.reduce<number | undefined>(
    (product, { share }) => (product === undefined || share === undefined ? undefined : product * share),
    1,
  );

const sum = (shares: readonly (number | undefined)[]): number | undefined =>
  shares.reduce((total, share) => (total === undefined || share === undefined ? undefined : total + share), 0);

function leavesOf({ steps, end }: Trace, branches: readonly Branch[]): readonly Leaf[] {
  if (end.kind === 'end') return [{ branches, steps: branches.length === 0 ? [] : steps, end }];
  const own = branches.length === 0 ? [] : steps;
  return end.branches
    .flatMap(branch => leavesOf(branch.trace, [...branches, branch]))
    .map(leaf => ({ ...leaf, steps: [...own, ...leaf.steps] }));
}

const backendOf = (branches: readonly Branch[]): BackendChoice | undefined =>
  branches.findLast(({ backend }) => backend !== undefined)?.backend;

/** Returns the leaves in groups that differ only in their backend. */
function grouped(leaves: readonly Leaf[]): readonly (readonly Leaf[])[] {
  const groups = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const shape = shapeOf(leaf);
    groups.set(shape, [...(groups.get(shape) ?? []), leaf]);
  }
  return [...groups.values()];
}

function shapeOf({ branches, steps, end }: Leaf): string {
  const backend = backendOf(branches);
  const others = branches.filter(branch => branch.backend === undefined).map(({ label }) => label);
  const text = JSON.stringify([others, backend?.place, steps, end]);
  return backend === undefined ? text : text.replaceAll(backend.address, '@').replaceAll(`${backend.port}`, '#');
}
