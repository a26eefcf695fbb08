import type { Blame, End } from '../../../trace/trace.js';
import { blameText } from '../../words.js';
import type { Station } from './station.js';

/**
 * Adds the place at which a way ends if the trace has no step for it: the routing that finds no way, IPVS without a
 * virtual server, a port on which no process listens.
 */
export function withStop(stations: readonly Station[], { blame, verdict }: End): readonly Station[] {
  const last = stations.at(-1);
  if (blame === undefined || verdict === 'answered' || last === undefined) return stations;
  const place = placeOf(blame, last);
  if (place === undefined) return stations;
  const { way, leaving } = last;
  return [...stations, { ...place, way, leaving, notes: [blameText(blame)], steps: [] }];
}

function placeOf({ part }: Blame, last: Station): Pick<Station, 'kind' | 'title'> | undefined {
  if (part === 'route' || part === 'sysctl') return isBeforeRouting(last) ? routing : undefined;
  const isInside = last.title === 'INPUT' || last.title === 'OUTPUT' || last.kind === 'routing';
  if (last.way === 'back' || !isInside) return undefined;
  if (part === 'virtual server') return { kind: 'ipvs', title: 'IPVS' };
  return part === 'socket' ? { kind: 'server', title: 'a process of this node' } : undefined;
}

const routing = { kind: 'routing', title: 'routing' } as const;

const isBeforeRouting = ({ kind, title, steps }: Station): boolean =>
  steps.at(-1)?.kind === 'arrival' || title === 'PREROUTING' || kind === 'conntrack';
