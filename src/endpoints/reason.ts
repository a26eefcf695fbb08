import { quotedIfHostile } from '../cluster/problems.js';
import type { EndpointSubset } from '../cluster/schema/endpoints.js';
import type { ChangedEndpoints } from './write.js';

/** Why an object is written, in sentences of one line each. */
export function reasonsOf({ service, object, existing }: ChangedEndpoints): readonly string[] {
  const { name } = service.metadata;
  const after = statesOf(object.subsets ?? []);
  const ready = [...after.values()].filter(state => state === 'ready').length;
  const found = `${selectorText(service.spec.selector ?? {})} selects ${count(after.size, 'address', 'addresses')}, ${ready} ready.`;
  if (existing === undefined) return [`${name} has no Endpoints object yet: ${found}`];
  const differences = differencesOf(statesOf(existing.subsets ?? []), after);
  const what =
    differences.length === 0 ? 'labels, ports or the Pods behind the addresses differ' : differences.join('; ');
  return [`${name}'s Endpoints object is out of date: ${what}.`, `${name}: ${found}`];
}

type State = 'ready' | 'not ready';

/** An address that is ready on any port counts as ready. */
function statesOf(subsets: readonly EndpointSubset[]): ReadonlyMap<string, State> {
  const states = new Map<string, State>();
  for (const { notReadyAddresses } of subsets)
    for (const { ip } of notReadyAddresses ?? []) states.set(ip, 'not ready');
  for (const { addresses } of subsets) for (const { ip } of addresses ?? []) states.set(ip, 'ready');
  return states;
}

function differencesOf(before: ReadonlyMap<string, State>, after: ReadonlyMap<string, State>): readonly string[] {
  const came = [...after.keys()].filter(ip => !before.has(ip));
  const went = [...before.keys()].filter(ip => !after.has(ip));
  const turned = (state: State) =>
    [...after].flatMap(([ip, now]) => (before.has(ip) && before.get(ip) !== now && now === state ? [ip] : []));
  return [
    ...listed('comes: ', came),
    ...listed('goes: ', went),
    ...listed('is ready now: ', turned('ready')),
    ...listed('is not ready any more: ', turned('not ready')),
  ];
}

const mostListed = 5;
function listed(words: string, addresses: readonly string[]): readonly string[] {
  if (addresses.length === 0) return [];
  const more = addresses.length > mostListed ? ` and ${addresses.length - mostListed} more` : '';
  return [`${words}${addresses.slice(0, mostListed).join(', ')}${more}`];
}

function selectorText(selector: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? 'the empty selector' : quotedIfHostile(pairs.join(','));
}

const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;
