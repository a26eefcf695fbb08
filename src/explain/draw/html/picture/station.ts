import type { Ends } from '../../../trace/packet.js';
import type { DeliveryStep, Step, TableStep, Way } from '../../../trace/trace.js';
import { destinationText } from '../../words.js';

/** A place on a packet's way, as the drawing and the list show it. */
export interface Station {
  readonly kind: 'client' | 'server' | 'hook' | 'routing' | 'ipvs' | 'conntrack';
  readonly title: string;
  readonly way: Way;
  /** What happened there, as short lines. */
  readonly notes: readonly string[];
  /** The packet's ends when it leaves. */
  readonly leaving: Ends;
  /** The steps that the station consists of. Empty for a hook without rules. */
  readonly steps: readonly Step[];
}

/** Returns the stations of steps: one for all tables of a hook that follow each other. */
export function stationsOf(steps: readonly Step[]): readonly Station[] {
  const stations: Station[] = [];
  for (const step of steps) {
    const last = stations.at(-1);
    const station = stationOf(step);
    if (last !== undefined && isSamePlace(last, station)) stations[stations.length - 1] = merged(last, station);
    else stations.push(station);
    // An answer that takes another way leaves the backend as it reaches the client.
    if (last?.kind === 'server' && station.kind === 'client')
      stations[stations.length - 2] = { ...last, leaving: station.leaving };
  }
  return stations;
}

/** A backend that gets the packet is the same place as the one that its answer comes from. */
const isSamePlace = (last: Station, next: Station): boolean =>
  (last.kind === 'hook' && next.kind === 'hook' && last.title === next.title && last.way === next.way) ||
  (last.kind === 'server' && next.kind === 'server');

const merged = (last: Station, next: Station): Station => ({
  ...last,
  notes: last.kind === 'hook' ? hookNotes([...last.steps, ...next.steps]) : last.notes,
  leaving: next.leaving,
  steps: [...last.steps, ...next.steps],
});

function stationOf(step: Step): Station {
  const common = { way: step.way, leaving: step.ends, steps: [step] };
  switch (step.kind) {
    case 'table':
      return { ...common, kind: 'hook', title: step.hook, notes: hookNotes([step]) };
    case 'routing':
      return { ...common, kind: 'routing', title: 'routing', notes: [step.text] };
    case 'ipvs':
      return { ...common, kind: 'ipvs', title: 'IPVS', notes: [step.text] };
    case 'conntrack':
      return { ...common, kind: 'conntrack', title: 'conntrack', notes: [step.text] };
    case 'arrival':
      return { ...common, ...(step.way === 'there' ? client : server('backend')), notes: [step.text] };
    case 'delivery':
      return { ...common, ...(step.to === 'client' ? client : server(serverTitle(step))), notes: [step.text] };
  }
}

const client = { kind: 'client', title: 'client' } as const;
const serverTitle = ({ to, ends }: DeliveryStep): string =>
  to === 'backend'
    ? `backend ${destinationText(ends)}`
    : to === 'this node'
      ? 'a process of this node'
      : `${destinationText(ends)}, elsewhere`;
const server = (title: string) => ({ kind: 'server', title }) as const;

function hookNotes(steps: readonly Step[]): readonly string[] {
  const tables = steps.filter((step): step is TableStep => step.kind === 'table');
  const effects = tables.flatMap(tableNotes);
  return effects.length > 0 ? effects : [matchedText(tables)];
}

function tableNotes({ table, rules, result, policy }: TableStep): readonly string[] {
  const effects = rules.flatMap(({ matched, effect }) =>
    effect === undefined || matched === 'no' ? [] : [`${table}: ${matched === 'maybe' ? 'maybe ' : ''}${effect}`],
  );
  if (result === 'drop' && policy !== undefined) return [...effects, `${table}: dropped by the policy ${policy}`];
  if (effects.length > 0 || result === 'accept' || result === 'policy') return effects;
  return [`${table}: ${resultTexts[result]}`];
}

const resultTexts = {
  drop: 'dropped',
  reject: 'rejected',
  translate: 'an address changes',
  uncertain: 'not certain',
} as const;

function matchedText(tables: readonly TableStep[]): string {
  if (tables.every(({ note }) => note !== undefined)) return 'passes: no rules';
  const matched = tables.flatMap(({ rules }) => rules).filter(rule => rule.matched !== 'no').length;
  if (matched === 0) return 'passes: no rule matches';
  return `passes: ${matched} ${matched === 1 ? 'rule matches' : 'rules match'}`;
}
