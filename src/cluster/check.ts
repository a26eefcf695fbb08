import type { Cluster, InvalidObject } from './cluster.js';
import { partlyUsedObject, type ReadObject, unusableObject } from './invalid-object.js';
import { type ClusterKind, clusterKinds, judgeKind, type ObjectOfKind } from './kinds.js';
import { checkLeniently } from './lenient-check.js';
import { namespacedName } from './names.js';
import { isMapping, type Mapping, type RawObject, textOf } from './objects.js';
import { objectLine } from './problems.js';
import { createQuickParser } from './quick-parse/quick-parser.js';
import { clusterOf, createObjectTables, type ObjectTables } from './tables.js';

export type ValidObject<Kind extends ClusterKind = ClusterKind> = {
  readonly [Each in Kind]: {
    readonly is: 'valid';
    readonly kind: Each;
    /** `namespace/name` */
    readonly name: string;
    readonly object: ObjectOfKind<Each>;
    /** How the object was read, in lines for the user. Missing if there is nothing to say. */
    readonly notes?: readonly string[];
    /** The parts that are left out. Missing if there are none. */
    readonly leftOut?: InvalidObject;
  };
}[Kind];

/** The result of checking one object. */
export type CheckedObject<Kind extends ClusterKind = ClusterKind> =
  | ValidObject<Kind>
  | { readonly is: 'invalid'; readonly invalid: InvalidObject }
  | { readonly is: 'ignored'; readonly kind: string };

export interface CheckedCluster {
  readonly cluster: Cluster;
  /** The kinds that were read and that kproxy does not use. */
  readonly ignoredKinds: readonly string[];
}

/** Checks objects against the schemas of their kinds. */
export function checkObjects(objects: Iterable<RawObject>, namespace = 'default'): CheckedCluster {
  return collectChecked(Array.from(objects, raw => checkObject(raw, namespace)));
}

/**
 * Builds the cluster from checked objects. If two valid objects have the same kind, namespace and name, the later one
 * counts, as after `kubectl apply` of both. An invalid object never replaces a valid one, because the API server would
 * have rejected it.
 */
export function collectChecked(checked: readonly CheckedObject[]): CheckedCluster {
  const tables = createObjectTables();
  for (const result of checked) if (result.is === 'valid') addObject(tables, result);
  const invalid = checked.flatMap(invalidIn);
  const ignored = checked.flatMap(result => (result.is === 'ignored' ? [result.kind] : []));
  const notes = checked.flatMap(result => (result.is === 'valid' ? (result.notes ?? []) : []));
  return { cluster: clusterOf(tables, invalid, notes), ignoredKinds: [...new Set(ignored)] };
}

/** Returns what is invalid of an object: nothing, the object, or what is left out of it. */
function invalidIn(result: CheckedObject): readonly InvalidObject[] {
  if (result.is === 'invalid') return [result.invalid];
  return result.is === 'valid' && result.leftOut !== undefined ? [result.leftOut] : [];
}

const addObject = <Kind extends ClusterKind>(
  tables: ObjectTables,
  { kind, name, object }: ValidObject<Kind>,
): unknown => tables[kind].set(name, object);

/**
 * Checks an object against the schema of its kind. The result has only the fields that kproxy uses.
 * @param namespace for an object that names none, as with `kubectl apply -n`
 */
export function checkObject({ source, value }: RawObject, namespace = 'default'): CheckedObject {
  const object = isMapping(value) ? value : {};
  const kind = textOf(object.kind);
  const verdict = judgeKind(textOf(object.apiVersion), kind);
  if (verdict.is === 'ignored') return { is: 'ignored', kind };
  if (verdict.is === 'invalid')
    return { is: 'invalid', invalid: unusableObject({ source, object, namespace }, [verdict.problem]) };
  return checkFields(verdict.kind, { source, object: withNamespace(object, namespace), namespace });
}

function checkFields<Kind extends ClusterKind>(kind: Kind, read: ReadObject): CheckedObject<Kind> {
  const { object } = read;
  const quick = quickParserOf(kind)(object);
  if (quick !== undefined) return validObject(kind, quick);
  const result = clusterKinds[kind].schema.safeParse(object);
  if (result.success) return validObject(kind, result.data);
  const reading = checkLeniently(kind, object, result.error);
  if (reading.is === 'unusable') return { is: 'invalid', invalid: unusableObject(read, reading.problems) };
  const valid = validObject(kind, reading.object);
  const notes = reading.notes.map(note => objectLine({ ...read, kind, ...valid.object.metadata }, note));
  return {
    ...valid,
    ...(notes.length === 0 ? {} : { notes }),
    ...(reading.problems.length === 0 ? {} : { leftOut: partlyUsedObject(read, reading.problems) }),
  };
}

const validObject = <Kind extends ClusterKind>(kind: Kind, object: ObjectOfKind<Kind>): ValidObject<Kind> => ({
  is: 'valid',
  kind,
  name: namespacedName(object.metadata),
  object,
});

type QuickParsers = { [Kind in ClusterKind]?: (object: unknown) => ObjectOfKind<Kind> | undefined };
const quickParsers: QuickParsers = {};

/** Creates the parser of a kind when the first object of the kind is checked. */
function quickParserOf<Kind extends ClusterKind>(kind: Kind): (object: unknown) => ObjectOfKind<Kind> | undefined {
  const parsers: { [Each in Kind]?: (object: unknown) => ObjectOfKind<Each> | undefined } = quickParsers;
  const parser = parsers[kind] ?? createQuickParser(clusterKinds[kind].schema);
  parsers[kind] = parser;
  return parser;
}

function withNamespace(object: Mapping, namespace: string): Mapping {
  const metadata = object.metadata;
  if (!isMapping(metadata) || (metadata.namespace ?? '') !== '') return object;
  return { ...object, metadata: { ...metadata, namespace } };
}
