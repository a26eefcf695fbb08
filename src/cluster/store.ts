import { isDeepStrictEqual } from 'node:util';
import { checkObjects } from './check.js';
import type { Cluster, InvalidObject } from './cluster.js';
import { type EndpointSlice, serviceOfSlice } from './endpoint-slice-schema.js';
import { type ClusterKind, clusterKinds, type ObjectOfKind } from './kinds.js';
import { isMapping, type RawObject, textOf } from './objects.js';

type AnyObject = ObjectOfKind<ClusterKind>;

/** An object that came, went or became another. */
export interface ObjectChange {
  readonly kind: ClusterKind;
  readonly before: AnyObject | undefined;
  readonly after: AnyObject | undefined;
}

/**
 * The cluster's objects as they come, change and go. An object that becomes invalid stays as it last was, and is listed among the invalid ones:
 * what the node has for it stays too.
 */
export interface ClusterStore {
  /** Puts a kind's whole list in the place of what was there. */
  list(kind: ClusterKind, objects: readonly RawObject[]): readonly ObjectChange[];
  /** Puts a whole reading in the place of everything. */
  take(cluster: Cluster): readonly ObjectChange[];
  put(kind: ClusterKind, object: RawObject): readonly ObjectChange[];
  remove(kind: ClusterKind, object: RawObject): readonly ObjectChange[];
  /** Of one kind, by `namespace/name`. */
  objects<Kind extends ClusterKind>(kind: Kind): ReadonlyMap<string, ObjectOfKind<Kind>>;
  /** The EndpointSlices of a Service, which is given as `namespace/name`. */
  slicesOf(service: string): readonly EndpointSlice[];
  invalid(): readonly InvalidObject[];
  cluster(): Cluster;
}

type Objects = Map<string, AnyObject>;

export function clusterStore(): ClusterStore {
  const kinds: Readonly<Record<ClusterKind, Objects>> = {
    Service: new Map(),
    EndpointSlice: new Map(),
    Endpoints: new Map(),
    Pod: new Map(),
    Node: new Map(),
  };
  const invalid = new Map<string, InvalidObject>();
  const slices = sliceIndex();

  function accept(kind: ClusterKind, name: string, after: AnyObject): readonly ObjectChange[] {
    const before = kinds[kind].get(name);
    if (isDeepStrictEqual(before, after)) return [];
    kinds[kind].set(name, after);
    slices.replace(name, before, after);
    return [{ kind, before, after }];
  }

  function put(kind: ClusterKind, raw: RawObject): readonly ObjectChange[] {
    const name = rawName(raw);
    const before = kinds[kind].get(name);
    if (before !== undefined && isSameVersion(before, raw)) return [];
    const { cluster } = checkObjects([raw]);
    const problem = cluster.invalid[0];
    if (problem !== undefined) {
      invalid.set(`${kind} ${name}`, problem);
      return [];
    }
    invalid.delete(`${kind} ${name}`);
    const after = onlyObject(cluster, kind);
    return after === undefined ? [] : accept(kind, name, after);
  }

  function take(cluster: Cluster): readonly ObjectChange[] {
    invalid.clear();
    for (const problem of cluster.invalid) invalid.set(`${problem.kind} ${problem.namespace}/${problem.name}`, problem);
    return kindNames.flatMap(kind => {
      const objects = new Map(objectsIn(cluster)[kind].map(object => [nameOf(object), object]));
      const gone = [...kinds[kind].keys()].filter(name => !objects.has(name) && !invalid.has(`${kind} ${name}`));
      return [
        ...gone.flatMap(name => removeNamed(kind, name)),
        ...[...objects].flatMap(([name, object]) => accept(kind, name, object)),
      ];
    });
  }

  function removeNamed(kind: ClusterKind, name: string): readonly ObjectChange[] {
    invalid.delete(`${kind} ${name}`);
    const before = kinds[kind].get(name);
    kinds[kind].delete(name);
    slices.replace(name, before, undefined);
    return before === undefined ? [] : [{ kind, before, after: undefined }];
  }

  function list(kind: ClusterKind, objects: readonly RawObject[]): readonly ObjectChange[] {
    const named = new Set(objects.map(rawName));
    const known = [...kinds[kind].keys(), ...invalidNames(invalid, kind)];
    const gone = known.filter(name => !named.has(name)).flatMap(name => removeNamed(kind, name));
    return [...gone, ...objects.flatMap(object => put(kind, object))];
  }

  return {
    list,
    take,
    put,
    remove: (kind, object) => removeNamed(kind, rawName(object)),
    objects: <Kind extends ClusterKind>(kind: Kind) => kinds[kind] as ReadonlyMap<string, ObjectOfKind<Kind>>,
    slicesOf: slices.of,
    invalid: () => [...invalid.values()],
    cluster: () => ({
      services: valuesOf<'Service'>(kinds.Service),
      endpointSlices: valuesOf<'EndpointSlice'>(kinds.EndpointSlice),
      endpoints: valuesOf<'Endpoints'>(kinds.Endpoints),
      pods: valuesOf<'Pod'>(kinds.Pod),
      nodes: valuesOf<'Node'>(kinds.Node),
      invalid: [...invalid.values()],
    }),
  };
}

/** A Service often has several slices, and finding them must not take a look at all of the cluster's. */
function sliceIndex() {
  const byService = new Map<string, Map<string, EndpointSlice>>();
  const serviceOf = (object: AnyObject | undefined): string | undefined =>
    object?.kind === 'EndpointSlice' ? serviceOfSlice(object) : undefined;
  return {
    replace(name: string, before: AnyObject | undefined, after: AnyObject | undefined): void {
      byService.get(serviceOf(before) ?? '')?.delete(name);
      const service = serviceOf(after);
      if (service === undefined) return;
      const known = byService.get(service) ?? new Map<string, EndpointSlice>();
      byService.set(service, known.set(name, after as EndpointSlice));
    },
    of: (service: string): readonly EndpointSlice[] => [...(byService.get(service)?.values() ?? [])],
  };
}

const valuesOf = <Kind extends ClusterKind>(objects: Objects): ObjectOfKind<Kind>[] =>
  [...objects.values()] as ObjectOfKind<Kind>[];

const invalidNames = (invalid: ReadonlyMap<string, InvalidObject>, kind: ClusterKind): readonly string[] =>
  [...invalid.keys()].filter(key => key.startsWith(`${kind} `)).map(key => key.slice(kind.length + 1));

function rawName({ value }: RawObject): string {
  const metadata = isMapping(value) && isMapping(value.metadata) ? value.metadata : {};
  return `${textOf(metadata.namespace) || 'default'}/${textOf(metadata.name)}`;
}

/** The API server gives every change of an object a resourceVersion of its own; objects of files have none. */
function isSameVersion(before: AnyObject, { value }: RawObject): boolean {
  const known = before.metadata.resourceVersion;
  const metadata = isMapping(value) && isMapping(value.metadata) ? value.metadata : {};
  return known !== undefined && known !== '' && known === metadata.resourceVersion;
}

const onlyObject = (cluster: Cluster, kind: ClusterKind): AnyObject | undefined => objectsIn(cluster)[kind][0];

const objectsIn = (cluster: Cluster): Readonly<Record<ClusterKind, readonly AnyObject[]>> => ({
  Service: cluster.services,
  EndpointSlice: cluster.endpointSlices,
  Endpoints: cluster.endpoints,
  Pod: cluster.pods,
  Node: cluster.nodes,
});

const kindNames = Object.keys(clusterKinds) as readonly ClusterKind[];

const nameOf = ({ metadata }: AnyObject): string => `${metadata.namespace}/${metadata.name}`;
