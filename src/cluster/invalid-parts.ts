import type * as z from 'zod';
import { closeWithoutRanges } from './closed-ranges.js';
import type { ClusterKind } from './kinds.js';
import type { Mapping } from './objects.js';
import { issueLine, pathText, valueAt } from './problems.js';

type Path = readonly PropertyKey[];

export interface PartialReading {
  readonly object: Mapping;
  /** A line for each part: `ports[0].port: is not a port number (0 to 65535): 70000 (ports[0] is left out)`. */
  readonly problems: readonly string[];
}

/** Stands for any index of a list in the path of a part. */
const any = Symbol('any index');
/** Stands for any index but the first. */
const later = Symbol('any later index');
type Pattern = readonly (string | symbol)[];

/**
 * The parts of objects that can be left out alone, the smaller before the larger. kube-proxy skips an external IP, a
 * source range, a load balancer's address and an endpoint that it cannot read, and looks at the first address of an
 * endpoint only. It would serve an endpoint's port 70000 as 4464.
 */
const parts: { readonly [Kind in ClusterKind]: readonly Pattern[] } = {
  Service: [
    ['spec', 'externalIPs', any],
    ['spec', 'loadBalancerSourceRanges', any],
    ['status', 'loadBalancer', 'ingress', any],
  ],
  EndpointSlice: [
    ['endpoints', any, 'addresses', later],
    ['endpoints', any],
    ['ports', any],
  ],
  Endpoints: [
    ['subsets', any, 'addresses', any],
    ['subsets', any, 'notReadyAddresses', any],
    ['subsets', any, 'ports', any],
  ],
  Pod: [],
  Node: [],
};

/**
 * Returns an object without the parts that a schema refused, or undefined if it refused anything else. A Service never
 * becomes open to more clients by what is left out of its source ranges.
 */
export function withoutInvalidParts(
  kind: ClusterKind,
  object: Mapping,
  issues: readonly z.core.$ZodIssue[],
): PartialReading | undefined {
  const found = new Map<string, Path>();
  const problems: string[] = [];
  for (const issue of issues) {
    const path = partOf(kind, issue.path);
    if (path === undefined) return undefined;
    const name = pathText(path);
    found.set(name, path);
    problems.push(`${issueLine(issue, object)} (${path.length === issue.path.length ? '' : `${name} is `}left out)`);
  }
  const rest = structuredClone(object);
  for (const [container, indexes] of byContainer(found.values())) removeItems(rest, container, indexes);
  if (kind === 'Service') problems.push(...closeWithoutRanges(object, rest, found));
  return { object: rest, problems };
}

function partOf(kind: ClusterKind, path: Path): Path | undefined {
  const pattern = parts[kind].find(each => each.every((step, at) => matches(step, path[at])));
  return pattern === undefined ? undefined : path.slice(0, pattern.length);
}

function matches(step: string | symbol, key: PropertyKey | undefined): boolean {
  if (step === any) return typeof key === 'number';
  return step === later ? typeof key === 'number' && key > 0 : step === key;
}

/** Returns the indexes to remove by the path of their list, the inner lists first. */
function byContainer(paths: Iterable<Path>): readonly (readonly [Path, ReadonlySet<PropertyKey>])[] {
  const lists = new Map<string, readonly [Path, Set<PropertyKey>]>();
  for (const path of paths) {
    const container = path.slice(0, -1);
    const name = pathText(container);
    const known = lists.get(name) ?? ([container, new Set<PropertyKey>()] as const);
    lists.set(name, known);
    known[1].add(path.at(-1) as PropertyKey);
  }
  return [...lists.values()].sort(([one], [other]) => other.length - one.length);
}

/** Removes items of a list in place, all at once: an object may have a hundred thousand. */
function removeItems(object: Mapping, container: Path, indexes: ReadonlySet<PropertyKey>): void {
  const list = valueAt(object, container) as unknown[];
  const kept = list.filter((_, index) => !indexes.has(index));
  list.length = 0;
  for (const item of kept) list.push(item);
}
