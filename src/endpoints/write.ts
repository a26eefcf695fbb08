import type { Endpoints } from '../cluster/schema/endpoints.js';
import { toYaml } from '../output/yaml.js';
import type { ChangedEndpoints, EndpointsDecision, EndpointsObject } from './decision.js';
import { lastAppliedAnnotation, overCapacityAnnotation } from './names.js';

/** One object to write with kubectl. */
export interface EndpointsWrite {
  readonly verb: 'apply' | 'replace' | 'create';
  /** The object for kubectl's stdin. */
  readonly manifest: object;
  /** Sentences that explain an unusual verb or manifest. */
  readonly reasons: readonly string[];
  readonly decision: ChangedEndpoints;
}

/** Returns the writes of all objects that are missing or out of date. */
export const writesOf = (decisions: readonly EndpointsDecision[]): readonly EndpointsWrite[] =>
  decisions.flatMap(decision => (decision.outcome === 'changed' ? [writeOf(decision)] : []));

/**
 * Chooses kubectl's verb for an object: `apply` almost always. `apply` cannot remove an annotation that it did not
 * write itself, and it stores a copy of the whole object in an annotation, which the API server limits to 256 KiB.
 * `replace` and `create` have neither limit.
 */
export function writeOf(decision: ChangedEndpoints): EndpointsWrite {
  const { object, existing } = decision;
  const manifest = applyManifest(object, existing);
  if (existing?.metadata.annotations?.[overCapacityAnnotation] !== undefined && !isOverCapacity(object)) {
    const reason = `kubectl replace is used because kubectl apply would leave ${overCapacityAnnotation}.`;
    return replace(decision, existing, reason);
  }
  if (!fitsAnnotation(manifest, existing)) {
    const reason = 'because the copy of the object that kubectl apply keeps in an annotation would be too large.';
    if (existing !== undefined) return replace(decision, existing, `kubectl replace is used ${reason}`);
    return { verb: 'create', manifest: { ...object }, reasons: [`kubectl create is used ${reason}`], decision };
  }
  const removesLabels = extraLabels(object, existing).length > 0;
  const reasons = removesLabels ? ['A label with the value null is removed: the Service does not have it.'] : [];
  return { verb: 'apply', manifest, reasons, decision };
}

/** Returns the text for kubectl's stdin, which the script shows too. */
export const manifestText = ({ manifest }: EndpointsWrite): string => toYaml(manifest);

/** Sets the resource version, so that the API server refuses to overwrite a change made in the meantime. */
function replace(decision: ChangedEndpoints, existing: Endpoints, reason: string): EndpointsWrite {
  const { resourceVersion } = existing.metadata;
  const metadata = { ...decision.object.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
  return { verb: 'replace', manifest: { ...decision.object, metadata }, reasons: [reason], decision };
}

/** Builds the manifest for `apply`. Leaves out other software's annotations, which apply keeps. */
function applyManifest(object: EndpointsObject, existing: Endpoints | undefined): object {
  const { name, namespace, labels } = object.metadata;
  const nullLabels = Object.fromEntries(extraLabels(object, existing).map(label => [label, null]));
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      name,
      namespace,
      labels: { ...labels, ...nullLabels },
      ...(isOverCapacity(object) ? { annotations: { [overCapacityAnnotation]: 'truncated' } } : {}),
    },
    // Without this field apply would keep the subsets of an object that it did not write itself.
    subsets: object.subsets ?? [],
  };
}

const isOverCapacity = ({ metadata }: EndpointsObject): boolean =>
  metadata.annotations?.[overCapacityAnnotation] !== undefined;

/** Returns the labels that the existing object has and the desired one does not. */
const extraLabels = ({ metadata }: EndpointsObject, existing: Endpoints | undefined): readonly string[] =>
  Object.keys(existing?.metadata.labels ?? {}).filter(label => metadata.labels?.[label] === undefined);

/** The API server's limit for all annotations of an object, in bytes. */
const annotationLimit = 262_144;
/** Bytes for the annotations' names and for what kubectl's copy has in addition to the manifest. */
const annotationReserve = 2_048;

function fitsAnnotation(manifest: object, existing: Endpoints | undefined): boolean {
  const { [lastAppliedAnnotation]: _, ...others } = existing?.metadata.annotations ?? {};
  const size = Buffer.byteLength(JSON.stringify(manifest)) + Buffer.byteLength(JSON.stringify(others));
  return size + annotationReserve <= annotationLimit;
}
