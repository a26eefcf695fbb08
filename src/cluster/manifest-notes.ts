import { isWorkload } from './kinds.js';
import { isMapping, type Mapping, type RawObject, textOf } from './objects.js';
import { type ObjectReference, objectLine } from './problems.js';

/**
 * Returns a line for each object of a file that no API server has stored and that lacks what a cluster would add to it.
 * @param namespace of objects that name none
 */
export function manifestNotes(objects: readonly RawObject[], namespace = 'default'): readonly string[] {
  const lines: string[] = [];
  for (const { source, value } of objects) {
    const note = isMapping(value) && !isStored(value) ? noteAbout(value) : undefined;
    if (note !== undefined) lines.push(objectLine(referenceOf(source, value as Mapping, namespace), note));
  }
  return lines;
}

function referenceOf(source: string, object: Mapping, namespace: string): ObjectReference {
  const metadata = mappingAt(object, 'metadata');
  return {
    source,
    kind: textOf(object.kind),
    namespace: textOf(metadata.namespace) || namespace,
    name: textOf(metadata.name),
  };
}

/** The API server gives every object a uid. */
const isStored = (object: Mapping): boolean => textOf(mappingAt(object, 'metadata').uid) !== '';

function mappingAt(object: Mapping, field: string): Mapping {
  const value = object[field];
  return isMapping(value) ? value : {};
}

function noteAbout(object: Mapping): string | undefined {
  const kind = textOf(object.kind);
  if (isWorkload(textOf(object.apiVersion), kind)) return workloadNote;
  if (kind === 'Pod' && object.status === undefined) return podNote;
  if (kind === 'EndpointSlice' && textOf(mappingAt(mappingAt(object, 'metadata'), 'labels')[serviceLabel]) === '')
    return sliceNote;
  return kind === 'Service' ? nodePortNote(mappingAt(object, 'spec')) : undefined;
}

const workloadNote =
  'is not used: a controller of a cluster creates Pods from it, and only those and their endpoints have addresses';
const podNote = 'status: is missing; without a status the Pod has no address and is no endpoint';
const serviceLabel = 'kubernetes.io/service-name';
const sliceNote = `metadata.labels["${serviceLabel}"]: is missing; without it the slice belongs to no Service`;

function nodePortNote({ type, ports }: Mapping): string | undefined {
  if (type !== 'NodePort' || !Array.isArray(ports)) return undefined;
  const index = ports.findIndex(port => isMapping(port) && (port.nodePort ?? 0) === 0);
  return index < 0
    ? undefined
    : `spec.ports[${index}].nodePort: is missing; the API server would choose one, and no node port is served`;
}
