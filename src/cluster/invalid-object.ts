import type { InvalidObject } from './cluster.js';
import { isMapping, type Mapping, textOf } from './objects.js';

/** Describes an object that cannot be used. Reads as much of its name and owner as is there. */
export function invalidObject(
  source: string,
  object: Mapping,
  namespace: string,
  problems: readonly string[],
): InvalidObject {
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
  return textOf(labels['kubernetes.io/service-name']) || undefined;
}
