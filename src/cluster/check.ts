import type { Cluster, InvalidObject } from './cluster.js';
import { invalidObject } from './invalid-object.js';
import { type ClusterKind, clusterKinds, judgeKind, type ObjectOfKind } from './kinds.js';
import { withDecimalAddresses } from './leading-zeros.js';
import { namespacedName } from './names.js';
import { isMapping, type Mapping, type RawObject, textOf } from './objects.js';
import { objectLine, problemsOf } from './problems.js';
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
  const invalid = checked.flatMap(result => (result.is === 'invalid' ? [result.invalid] : []));
  const ignored = checked.flatMap(result => (result.is === 'ignored' ? [result.kind] : []));
  const notes = checked.flatMap(result => (result.is === 'valid' ? (result.notes ?? []) : []));
  return { cluster: clusterOf(tables, invalid, notes), ignoredKinds: [...new Set(ignored)] };
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
    return { is: 'invalid', invalid: invalidObject(source, object, namespace, [verdict.problem]) };
  return checkFields(source, verdict.kind, withNamespace(object, namespace), namespace);
}

function checkFields<Kind extends ClusterKind>(
  source: string,
  kind: Kind,
  object: Mapping,
  namespace: string,
): CheckedObject<Kind> {
  const quick = quickParserOf(kind)(object);
  if (quick !== undefined) return validObject(kind, quick);
  const result = clusterKinds[kind].schema.safeParse(object);
  if (result.success) return validObject(kind, result.data);
  const reading = withDecimalAddresses(object, result.error.issues);
  const decimal = reading && clusterKinds[kind].schema.safeParse(reading.object);
  if (decimal?.success === true) return withNotes(validObject(kind, decimal.data), source, reading?.notes ?? []);
  return { is: 'invalid', invalid: invalidObject(source, object, namespace, problemsOf(result.error, object)) };
}

const withNotes = <Kind extends ClusterKind>(
  valid: ValidObject<Kind>,
  source: string,
  notes: readonly string[],
): ValidObject<Kind> => ({
  ...valid,
  notes: notes.map(note => objectLine({ source, kind: valid.kind, ...valid.object.metadata }, note)),
});

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
