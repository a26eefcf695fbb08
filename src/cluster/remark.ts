import type { InvalidObject } from './cluster.js';
import { namespacedName } from './names.js';
import { invalidObjectLine } from './problems.js';
import type { ClusterStore } from './store.js';

/** A line for the user about one object of the cluster. */
export interface Remark {
  /** The object: `Service shop/web`. What is said of it counts together, whatever words it makes kproxy say. */
  readonly about: string;
  readonly namespace: string;
  readonly line: string;
}

/** Returns the remarks of each key, in the order in which the keys and the remarks came. */
export function groupedBy(remarks: readonly Remark[], keyOf: (remark: Remark) => string): Map<string, Remark[]> {
  const groups = new Map<string, Remark[]>();
  for (const remark of remarks) {
    const group = groups.get(keyOf(remark));
    if (group === undefined) groups.set(keyOf(remark), [remark]);
    else group.push(remark);
  }
  return groups;
}

/**
 * Returns the remarks so that the first ones of all namespaces come before the second ones: where only some of them are
 * said, those of one namespace do not displace those of another.
 */
export function fairlyOrdered(remarks: readonly Remark[]): readonly Remark[] {
  const groups = [...groupedBy(remarks, ({ namespace }) => namespace).values()];
  if (groups.length < 2) return remarks;
  const longest = groups.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: longest }, (_, round) => groups.flatMap(group => group[round] ?? [])).flat();
}

/** Lines of many objects are needed again with every change of another one. */
const known = new WeakMap<InvalidObject, Remark>();

/** Returns the remark that names an invalid object and its invalid fields. */
function invalidRemark(object: InvalidObject): Remark {
  const remark = known.get(object) ?? {
    about: `${object.kind || 'object'} ${namespacedName(object)}`,
    namespace: object.namespace,
    line: invalidObjectLine(object),
  };
  known.set(object, remark);
  return remark;
}

/** Returns what is to be said of the objects in a store: which are invalid, and how others were read. */
export const storeRemarks = (store: ClusterStore): readonly Remark[] => [
  ...store.invalid().map(invalidRemark),
  ...Array.from(store.notesByObject(), ([object, lines]) => lines.map(line => noteRemark(object, line))).flat(),
];

/** Files have notes about objects that are not in the store, such as Deployments: each is one of its own. */
function noteRemark(object: string, line: string): Remark {
  const [, namespace = ''] = /^\S+ ([^/]*)\//.exec(object) ?? [];
  return { about: object || line, namespace, line };
}

/**
 * Returns the lines of the first remarks, in which each namespace has its share, and a count of the others:
 * `and 3 more invalid objects`.
 */
export function firstRemarks(remarks: readonly Remark[], most: number, others: string): readonly string[] {
  if (remarks.length <= most) return remarks.map(({ line }) => line);
  const first = new Set(fairlyOrdered(remarks).slice(0, most));
  const shown = remarks.filter(remark => first.has(remark));
  return [...shown.map(({ line }) => line), `and ${remarks.length - most} more ${others}`];
}

const mostInvalid = 20;

/** Returns a line for each invalid object, and after twenty a count of the others. */
export const invalidObjectLines = (invalid: readonly InvalidObject[]): readonly string[] =>
  firstRemarks(invalid.map(invalidRemark), mostInvalid, 'invalid objects');
