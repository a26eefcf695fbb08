import type { InvalidObject } from './cluster.js';
import { isClusterKind, isEndpointKind } from './kinds.js';
import { namespacedName } from './names.js';
import { isMapping, type Mapping, textOf } from './objects.js';
import { serviceTraces } from './service-traces.js';

/** An object as it was read, with what it says of its kind, name and namespace. */
export interface ReadObject {
  readonly source: string;
  readonly object: Mapping;
  /** For an object that names none. */
  readonly namespace: string;
}

/** Describes an object that cannot be used. Reads as much of its name and owner as is there. */
export function unusableObject(read: ReadObject, problems: readonly string[]): InvalidObject {
  const described = describe(read, problems);
  const canBeService = described.kind === 'Service' || !isClusterKind(described.kind);
  return {
    ...described,
    isUsed: false,
    traces: canBeService && described.name !== '' ? serviceTraces(read.object) : undefined,
  };
}

/** Describes an object that is used without its invalid parts. */
export const partlyUsedObject = (read: ReadObject, problems: readonly string[]): InvalidObject => ({
  ...describe(read, problems),
  isUsed: true,
  traces: undefined,
});

function describe({ source, object, namespace }: ReadObject, problems: readonly string[]) {
  const metadata = isMapping(object.metadata) ? object.metadata : {};
  const kind = textOf(object.kind);
  const name = textOf(metadata.name);
  const labels = isMapping(metadata.labels) ? metadata.labels : {};
  return {
    source,
    kind,
    namespace: textOf(metadata.namespace) || namespace,
    name,
    service: serviceOf(kind, name, labels),
    labels,
    problems,
  };
}

/** A misspelt kind may have been a Service or its Endpoints, so the Service with that name keeps its state. */
function serviceOf(kind: string, name: string, labels: Mapping): string | undefined {
  if (kind === 'Pod' || kind === 'Node') return undefined;
  if (kind !== 'EndpointSlice') return name || undefined;
  return serviceLabel(labels);
}

const serviceLabel = (labels: Mapping): string | undefined => textOf(labels['kubernetes.io/service-name']) || undefined;

/**
 * Returns the Services, by `namespace/name`, whose endpoints an unusable object may list. One whose kind is misspelt
 * may be an EndpointSlice or an Endpoints object. One that belongs to no Service lists those of none.
 */
export function servicesListedIn({ kind, namespace, service, labels }: InvalidObject): readonly string[] {
  const names = isEndpointKind(kind) ? [service] : isClusterKind(kind) ? [] : [service, serviceLabel(labels)];
  return names.flatMap(name => (name === undefined ? [] : [namespacedName({ namespace, name })]));
}
