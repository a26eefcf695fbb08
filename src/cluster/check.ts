import type { Cluster, InvalidObject } from './cluster.js';
import { type ClusterKind, clusterKinds, judgeKind, type ObjectOfKind } from './kinds.js';
import { isMapping, type Mapping, type RawObject, textOf } from './objects.js';
import { problemsOf } from './problems.js';
import { quickParser } from './quick-parse/quick-parser.js';

/** What came of one object. */
export type Checked =
  | { readonly is: 'valid'; readonly kind: ClusterKind; readonly name: string; readonly object: unknown }
  | { readonly is: 'invalid'; readonly invalid: InvalidObject }
  | { readonly is: 'passed over'; readonly kind: string };

export interface CheckedObjects {
  readonly cluster: Cluster;
  /** The kinds that were there and that kproxy has no use for. */
  readonly passedOver: readonly string[];
}

/** Checks objects against the schemas, one after another as they come. */
export function checkObjects(objects: Iterable<RawObject>, namespace = 'default'): CheckedObjects {
  return gatherChecked(Array.from(objects, raw => checkObject(raw, namespace)));
}

/**
 * The cluster of the objects that were checked. Of two valid objects with one kind, namespace and name the later one counts, as
 * it would after `kubectl apply` of both; an invalid one does not take the place of a valid one, as the API server would
 * have refused it.
 */
export function gatherChecked(checked: readonly Checked[]): CheckedObjects {
  const latest = latestOfEachKind(checked);
  return {
    cluster: {
      services: latest('Service'),
      endpointSlices: latest('EndpointSlice'),
      endpoints: latest('Endpoints'),
      pods: latest('Pod'),
      nodes: latest('Node'),
      invalid: checked.flatMap(entry => (entry.is === 'invalid' ? [entry.invalid] : [])),
    },
    passedOver: [...new Set(checked.flatMap(entry => (entry.is === 'passed over' ? [entry.kind] : [])))],
  };
}

function latestOfEachKind(checked: readonly Checked[]): <Kind extends ClusterKind>(kind: Kind) => ObjectOfKind<Kind>[] {
  const byKind = new Map<ClusterKind, Map<string, unknown>>();
  for (const entry of checked) {
    if (entry.is !== 'valid') continue;
    const ofKind = byKind.get(entry.kind) ?? new Map<string, unknown>();
    byKind.set(entry.kind, ofKind.set(entry.name, entry.object));
  }
  return <Kind extends ClusterKind>(kind: Kind) => [...(byKind.get(kind)?.values() ?? [])] as ObjectOfKind<Kind>[];
}

/**
 * Checks an object against its schema; what is not needed of it is not kept.
 * @param namespace for an object that names none, as with `kubectl apply -n`
 */
export function checkObject({ source, value }: RawObject, namespace = 'default'): Checked {
  const object = isMapping(value) ? value : {};
  const kind = textOf(object.kind);
  const verdict = judgeKind(textOf(object.apiVersion), kind);
  if (verdict.use === 'none') return { is: 'passed over', kind };
  if (verdict.use === 'wrong')
    return { is: 'invalid', invalid: invalidObject(source, object, namespace, [verdict.problem]) };
  return checkFields(source, verdict.use, withNamespace(object, namespace), namespace);
}

function checkFields(source: string, kind: ClusterKind, object: Mapping, namespace: string): Checked {
  const quick = quickParserOf(kind)(object);
  if (quick !== undefined) return valid(kind, object, quick);
  const result = clusterKinds[kind].schema.safeParse(object);
  if (result.success) return valid(kind, object, result.data);
  return { is: 'invalid', invalid: invalidObject(source, object, namespace, problemsOf(result.error, object)) };
}

function valid(kind: ClusterKind, { metadata }: Mapping, object: unknown): Checked {
  const { namespace, name } = metadata as Mapping;
  return { is: 'valid', kind, name: `${namespace}/${name}`, object };
}

const quickParsers = new Map<ClusterKind, (object: Mapping) => unknown>();

/** Made when the first object of the kind comes. */
function quickParserOf(kind: ClusterKind): (object: Mapping) => unknown {
  const known = quickParsers.get(kind) ?? quickParser(clusterKinds[kind].schema);
  quickParsers.set(kind, known);
  return known;
}

function withNamespace(object: Mapping, namespace: string): Mapping {
  const metadata = object.metadata;
  if (!isMapping(metadata) || (metadata.namespace ?? '') !== '') return object;
  return { ...object, metadata: { ...metadata, namespace } };
}

function invalidObject(source: string, object: Mapping, namespace: string, problems: readonly string[]): InvalidObject {
  const metadata = isMapping(object.metadata) ? object.metadata : {};
  const name = textOf(metadata.name);
  const labels = isMapping(metadata.labels) ? metadata.labels : {};
  return {
    source,
    kind: textOf(object.kind),
    namespace: textOf(metadata.namespace) || namespace,
    name,
    service: serviceOf(textOf(object.kind), name, labels),
    labels,
    problems,
  };
}

/** A misspelt kind may have been a Service or its Endpoints: what has that name is left as it is, to be safe. */
function serviceOf(kind: string, name: string, labels: Mapping): string | undefined {
  if (kind === 'Pod' || kind === 'Node') return undefined;
  if (kind !== 'EndpointSlice') return name || undefined;
  return textOf(labels['kubernetes.io/service-name']) || undefined;
}
