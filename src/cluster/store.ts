import { isDeepStrictEqual } from 'node:util';
import { type CheckedObject, checkObject, type ValidObject } from './check.js';
import type { Cluster, InvalidObject } from './cluster.js';
import { type ClusterKind, isClusterKind, kindNames, type ObjectOfKind } from './kinds.js';
import { namespacedName } from './names.js';
import type { NodeAddresses } from './node-addresses.js';
import { isMapping, type RawObject, textOf } from './objects.js';
import type { EndpointSlice } from './schema/endpoint-slice.js';
import { SliceIndex } from './slice-index.js';
import { clusterOf, createObjectTables, objectsByKind } from './tables.js';

/** An object that was added (no `before`), changed, or removed (no `after`). */
export type ObjectChange<Kind extends ClusterKind = ClusterKind> = {
  readonly [Each in Kind]: {
    readonly kind: Each;
    readonly before: ObjectOfKind<Each> | undefined;
    readonly after: ObjectOfKind<Each> | undefined;
  };
}[Kind];

/**
 * Holds the cluster's objects and reports how each call changes them. An object that becomes invalid keeps its last
 * valid version and is listed among the invalid ones, so what the node has for it stays too. One that is used without
 * its invalid parts is listed there too.
 */
export class ClusterStore {
  /** Kinds whose objects are not known at present: they may not be read, or have yet to be. */
  readonly unread = new Set<ClusterKind>();
  /** Addresses of Nodes that the store does not hold. Replaced as a whole. */
  nodeAddresses: NodeAddresses | undefined;
  readonly #tables = createObjectTables();
  /** By kind and `namespace/name`. */
  readonly #invalid = new Map<string, InvalidObject>();
  /** Lines about valid objects, by kind and `namespace/name`, or by the empty text for all objects of a read. */
  readonly #notes = new Map<string, readonly string[]>();
  readonly #slices = new SliceIndex();

  /** Replaces all objects of a kind. */
  list(kind: ClusterKind, objects: readonly RawObject[]): readonly ObjectChange[] {
    const listed = new Set(objects.map(rawName));
    const present = [...this.#tables[kind].keys(), ...this.#invalidNames(kind)];
    const absent = present.filter(name => !listed.has(name));
    return [
      ...absent.flatMap(name => this.#removeNamed(kind, name)),
      ...objects.flatMap(object => this.put(kind, object)),
    ];
  }

  /** Replaces the objects of all kinds. */
  replaceAll(cluster: Cluster): readonly ObjectChange[] {
    this.#invalid.clear();
    this.#notes.clear();
    this.unread.clear();
    for (const kind of cluster.unread ?? []) this.unread.add(kind);
    this.#notes.set('', cluster.notes);
    for (const object of cluster.invalid) this.#invalid.set(invalidKey(object.kind, namespacedName(object)), object);
    return this.#index(kindNames.flatMap(kind => this.#replaceKind(kind, objectsByKind(cluster)[kind])));
  }

  /** Adds or changes an object of this kind. */
  put(kind: ClusterKind, raw: RawObject): readonly ObjectChange[] {
    const name = rawName(raw);
    const key = invalidKey(kind, name);
    const before = this.#tables[kind].get(name);
    // What is said of a version in use holds as long as no other one has come since.
    if (before !== undefined && this.#invalid.get(key)?.isUsed !== false && isSameVersion(before, raw)) return [];
    const checked = checkObject(raw);
    if (checked.is === 'invalid') {
      this.#invalid.set(key, checked.invalid);
      return [];
    }
    this.#noteChecked(key, checked);
    return checked.is === 'valid' && checked.kind === kind ? this.#index(this.#accept(checked)) : [];
  }

  remove(kind: ClusterKind, object: RawObject): readonly ObjectChange[] {
    return this.#removeNamed(kind, rawName(object));
  }

  /** Returns the objects of a kind by `namespace/name`. */
  objects<Kind extends ClusterKind>(kind: Kind): ReadonlyMap<string, ObjectOfKind<Kind>> {
    return this.#tables[kind];
  }

  /**
   * Returns the EndpointSlices of a Service.
   * @param service the Service's `namespace/name`
   */
  slicesOf(service: string): readonly EndpointSlice[] {
    return this.#slices.of(service);
  }

  /** Returns the EndpointSlices of each Service, by its `namespace/name`, as they are now. */
  slicesByService(): ReadonlyMap<string, readonly EndpointSlice[]> {
    return this.#slices.all();
  }

  invalid(): readonly InvalidObject[] {
    return [...this.#invalid.values()];
  }

  /** Returns the unusable objects that were never usable, so that the store does not hold what they asked for. */
  neverUsable(): readonly InvalidObject[] {
    if (this.#invalid.size === 0) return [];
    const isKnown = (object: InvalidObject): boolean =>
      isClusterKind(object.kind) && this.#tables[object.kind].has(namespacedName(object));
    return this.invalid().filter(object => !object.isUsed && !isKnown(object));
  }

  /** Returns the same by kind and `namespace/name`, or by the empty text for lines of files. */
  notesByObject(): ReadonlyMap<string, readonly string[]> {
    return this.#notes;
  }

  /** Returns how objects were read that are used in full, in lines for the user. */
  notes(): readonly string[] {
    return [...this.#notes.values()].flat();
  }

  cluster(): Cluster {
    return { ...clusterOf(this.#tables, this.invalid(), this.notes()), nodeAddresses: this.nodeAddresses };
  }

  #noteChecked(key: string, checked: CheckedObject): void {
    if (checked.is === 'valid' && checked.notes !== undefined) this.#notes.set(key, checked.notes);
    else this.#notes.delete(key);
    if (checked.is === 'valid' && checked.leftOut !== undefined) this.#invalid.set(key, checked.leftOut);
    else this.#invalid.delete(key);
  }

  #replaceKind<Kind extends ClusterKind>(
    kind: Kind,
    all: readonly ObjectOfKind<Kind>[],
  ): readonly ObjectChange<Kind>[] {
    const objects = new Map(all.map(object => [namespacedName(object.metadata), object]));
    const absent = [...this.#tables[kind].keys()].filter(
      name => !objects.has(name) && !this.#invalid.has(invalidKey(kind, name)),
    );
    return [
      ...absent.flatMap(name => this.#change(kind, name, undefined)),
      ...[...objects].flatMap(([name, object]) => this.#change(kind, name, object)),
    ];
  }

  #accept<Kind extends ClusterKind>({ kind, name, object }: ValidObject<Kind>): readonly ObjectChange<Kind>[] {
    return this.#change(kind, name, object);
  }

  #removeNamed(kind: ClusterKind, name: string): readonly ObjectChange[] {
    this.#invalid.delete(invalidKey(kind, name));
    this.#notes.delete(invalidKey(kind, name));
    return this.#index(this.#change(kind, name, undefined));
  }

  #change<Kind extends ClusterKind>(
    kind: Kind,
    name: string,
    after: ObjectOfKind<Kind> | undefined,
  ): readonly ObjectChange<Kind>[] {
    const table = this.#tables[kind];
    const before = table.get(name);
    if (isDeepStrictEqual(before, after)) return [];
    if (after === undefined) table.delete(name);
    else table.set(name, after);
    return [{ kind, before, after }];
  }

  #index(changes: readonly ObjectChange[]): readonly ObjectChange[] {
    for (const change of changes) if (change.kind === 'EndpointSlice') this.#slices.replace(change);
    return changes;
  }

  #invalidNames(kind: ClusterKind): readonly string[] {
    const prefix = invalidKey(kind, '');
    return [...this.#invalid.keys()].filter(key => key.startsWith(prefix)).map(key => key.slice(prefix.length));
  }
}

const invalidKey = (kind: string, name: string): string => `${kind} ${name}`;

function rawName({ value }: RawObject): string {
  const metadata = isMapping(value) && isMapping(value.metadata) ? value.metadata : {};
  return namespacedName({ namespace: textOf(metadata.namespace) || 'default', name: textOf(metadata.name) });
}

/** The API server gives every version of an object its own resourceVersion. Objects from files have none. */
function isSameVersion(before: ObjectOfKind<ClusterKind>, { value }: RawObject): boolean {
  const version = before.metadata.resourceVersion;
  const metadata = isMapping(value) && isMapping(value.metadata) ? value.metadata : {};
  return version !== undefined && version !== '' && version === metadata.resourceVersion;
}
