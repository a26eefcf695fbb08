import { isDeepStrictEqual } from 'node:util';
import { checkObjects } from './check.js';
import type { Cluster, InvalidObject } from './cluster.js';
import { type ClusterKind, clusterKinds, type ObjectOfKind } from './kinds.js';
import { isMapping, type RawObject, textOf } from './objects.js';
import { type EndpointSlice, serviceOfSlice } from './schema/endpoint-slice.js';

type AnyObject = ObjectOfKind<ClusterKind>;

/** An object that came, went or became another. */
export interface ObjectChange {
  readonly kind: ClusterKind;
  readonly before: AnyObject | undefined;
  readonly after: AnyObject | undefined;
}

type Objects = Map<string, AnyObject>;

/**
 * The cluster's objects as they come, change and go. An object that becomes invalid stays as it last was, and is listed among the invalid ones:
 * what the node has for it stays too.
 */
export class ClusterStore {
  readonly #kinds: Readonly<Record<ClusterKind, Objects>> = {
    Service: new Map(),
    EndpointSlice: new Map(),
    Endpoints: new Map(),
    Pod: new Map(),
    Node: new Map(),
  };
  readonly #invalid = new Map<string, InvalidObject>();
  readonly #slices = sliceIndex();

  /** Puts a kind's whole list in the place of what was there. */
  list(kind: ClusterKind, objects: readonly RawObject[]): readonly ObjectChange[] {
    const named = new Set(objects.map(rawName));
    const known = [...this.#kinds[kind].keys(), ...invalidNames(this.#invalid, kind)];
    const gone = known.filter(name => !named.has(name)).flatMap(name => this.#removeNamed(kind, name));
    return [...gone, ...objects.flatMap(object => this.put(kind, object))];
  }

  /** Puts a whole reading in the place of everything. */
  replaceAll(cluster: Cluster): readonly ObjectChange[] {
    this.#invalid.clear();
    for (const problem of cluster.invalid)
      this.#invalid.set(`${problem.kind} ${problem.namespace}/${problem.name}`, problem);
    return kindNames.flatMap(kind => this.#takeKind(kind, objectsIn(cluster)[kind]));
  }

  put(kind: ClusterKind, raw: RawObject): readonly ObjectChange[] {
    const name = rawName(raw);
    const before = this.#kinds[kind].get(name);
    if (before !== undefined && isSameVersion(before, raw)) {
      this.#invalid.delete(`${kind} ${name}`);
      return [];
    }
    const { cluster } = checkObjects([raw]);
    const problem = cluster.invalid[0];
    if (problem !== undefined) {
      this.#invalid.set(`${kind} ${name}`, problem);
      return [];
    }
    this.#invalid.delete(`${kind} ${name}`);
    const after = onlyObject(cluster, kind);
    return after === undefined ? [] : this.#accept(kind, name, after);
  }

  remove(kind: ClusterKind, object: RawObject): readonly ObjectChange[] {
    return this.#removeNamed(kind, rawName(object));
  }

  /** Of one kind, by `namespace/name`. */
  objects<Kind extends ClusterKind>(kind: Kind): ReadonlyMap<string, ObjectOfKind<Kind>> {
    return this.#kinds[kind] as ReadonlyMap<string, ObjectOfKind<Kind>>;
  }

  /** The EndpointSlices of a Service, which is given as `namespace/name`. */
  slicesOf(service: string): readonly EndpointSlice[] {
    return this.#slices.of(service);
  }

  invalid(): readonly InvalidObject[] {
    return [...this.#invalid.values()];
  }

  cluster(): Cluster {
    const { Service, EndpointSlice, Endpoints, Pod, Node } = this.#kinds;
    return {
      services: valuesOf<'Service'>(Service),
      endpointSlices: valuesOf<'EndpointSlice'>(EndpointSlice),
      endpoints: valuesOf<'Endpoints'>(Endpoints),
      pods: valuesOf<'Pod'>(Pod),
      nodes: valuesOf<'Node'>(Node),
      invalid: this.invalid(),
    };
  }

  #takeKind(kind: ClusterKind, all: readonly AnyObject[]): readonly ObjectChange[] {
    const objects = new Map(all.map(object => [nameOf(object), object]));
    const gone = [...this.#kinds[kind].keys()].filter(
      name => !objects.has(name) && !this.#invalid.has(`${kind} ${name}`),
    );
    return [
      ...gone.flatMap(name => this.#removeNamed(kind, name)),
      ...[...objects].flatMap(([name, object]) => this.#accept(kind, name, object)),
    ];
  }

  #accept(kind: ClusterKind, name: string, after: AnyObject): readonly ObjectChange[] {
    const before = this.#kinds[kind].get(name);
    if (isDeepStrictEqual(before, after)) return [];
    this.#kinds[kind].set(name, after);
    this.#slices.replace(name, before, after);
    return [{ kind, before, after }];
  }

  #removeNamed(kind: ClusterKind, name: string): readonly ObjectChange[] {
    this.#invalid.delete(`${kind} ${name}`);
    const before = this.#kinds[kind].get(name);
    this.#kinds[kind].delete(name);
    this.#slices.replace(name, before, undefined);
    return before === undefined ? [] : [{ kind, before, after: undefined }];
  }
}

/** A store of nothing yet. */
export const clusterStore = (): ClusterStore => new ClusterStore();

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
