import { quotedIfHostile } from '../cluster/problems.js';
import type { EndpointSubset } from '../cluster/schema/endpoints.js';
import { countText, someText } from '../text.js';
import type { ChangedEndpoints } from './decision.js';

/** Returns why an object is written, in sentences of one line each. */
export function reasonsOf({ service, object, existing }: ChangedEndpoints): readonly string[] {
  const { name } = service.metadata;
  const after = readinessByAddress(object.subsets ?? []);
  const ready = [...after.values()].filter(readiness => readiness === 'ready').length;
  const selection =
    `${selectorText(service.spec.selector ?? {})} selects ` +
    `${countText(after.size, 'address', 'addresses')}, ${ready} ready.`;
  if (existing === undefined) return [`${name} has no Endpoints object yet: ${selection}`];
  const differences = differencesOf(readinessByAddress(existing.subsets ?? []), after);
  const summary =
    differences.length === 0 ? 'labels, ports or the Pods behind the addresses differ' : differences.join('; ');
  return [`${name}'s Endpoints object is out of date: ${summary}.`, `${name}: ${selection}`];
}

type Readiness = 'ready' | 'not ready';

/** Returns each address with its readiness. An address that is ready on any port counts as ready. */
function readinessByAddress(subsets: readonly EndpointSubset[]): ReadonlyMap<string, Readiness> {
  const readiness = new Map<string, Readiness>();
  for (const { notReadyAddresses } of subsets)
    for (const { ip } of notReadyAddresses ?? []) readiness.set(ip, 'not ready');
  for (const { addresses } of subsets) for (const { ip } of addresses ?? []) readiness.set(ip, 'ready');
  return readiness;
}

function differencesOf(
  before: ReadonlyMap<string, Readiness>,
  after: ReadonlyMap<string, Readiness>,
): readonly string[] {
  const missing = [...after.keys()].filter(ip => !before.has(ip));
  const extra = [...before.keys()].filter(ip => !after.has(ip));
  const changesTo = (readiness: Readiness) =>
    [...after].flatMap(([ip, now]) => (before.has(ip) && before.get(ip) !== now && now === readiness ? [ip] : []));
  return [
    ...labeledList('missing', missing),
    ...labeledList('no longer selected', extra),
    ...labeledList('now ready', changesTo('ready')),
    ...labeledList('no longer ready', changesTo('not ready')),
  ];
}

const mostAddresses = 5;

const labeledList = (label: string, addresses: readonly string[]): readonly string[] =>
  addresses.length === 0 ? [] : [`${label}: ${someText(addresses, mostAddresses)}`];

function selectorText(selector: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? 'the empty selector' : quotedIfHostile(pairs.join(','));
}
