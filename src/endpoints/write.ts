import type { Endpoints } from '../cluster/schema/endpoints.js';
import { toYaml } from '../output/yaml.js';
import type { EndpointsObject, EndpointsDecision } from './reconcile-endpoints.js';
import { overCapacityAnnotation } from './names.js';

export type ChangedEndpoints = Extract<EndpointsDecision, { is: 'changed' }>;

/** How an object is written: kubectl's verb, the object for its stdin, and why where the verb is not the usual one. */
export interface EndpointsWrite {
  readonly verb: 'apply' | 'replace' | 'create';
  readonly manifest: object;
  readonly why: readonly string[];
  readonly verdict: ChangedEndpoints;
}

/**
 * `kubectl apply` writes almost everything. It cannot take away an annotation that it did not write itself, and it notes
 * the whole object in an annotation, for which the API server has 256 KiB; `replace` and `create` have neither limit.
 */
export function writeOf(verdict: ChangedEndpoints): EndpointsWrite {
  const { object, existing } = verdict;
  const manifest = applyManifest(object, existing);
  if (existing?.metadata.annotations?.[overCapacityAnnotation] !== undefined && !isOverCapacity(object)) {
    return replace(verdict, existing, `replace, as apply would leave the annotation ${overCapacityAnnotation}`);
  }
  if (!fitsAnnotation(manifest, existing)) {
    const why = 'as the object is too large for the copy of it that apply keeps in an annotation';
    if (existing !== undefined) return replace(verdict, existing, `replace, ${why}`);
    return { verb: 'create', manifest: { ...object }, why: [`create, ${why}`], verdict };
  }
  const goesAway =
    removedLabels(object, existing).length > 0 ? ['null takes a label away that the Service does not have'] : [];
  return { verb: 'apply', manifest, why: goesAway, verdict };
}

/** What kubectl gets on its stdin, and what the script shows. */
export const manifestText = ({ manifest }: EndpointsWrite): string => toYaml(manifest);

/** With the resource version, the API server refuses to write over what somebody else wrote in the meantime. */
function replace(verdict: ChangedEndpoints, existing: Endpoints, why: string): EndpointsWrite {
  const { resourceVersion } = existing.metadata;
  const metadata = { ...verdict.object.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
  return { verb: 'replace', manifest: { ...verdict.object, metadata }, why: [why], verdict };
}

/** Other software's annotations are left out: apply leaves them as they are. */
function applyManifest(object: EndpointsObject, existing: Endpoints | undefined): object {
  const { name, namespace, labels } = object.metadata;
  const removed = Object.fromEntries(removedLabels(object, existing).map(label => [label, null]));
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      name,
      namespace,
      labels: { ...labels, ...removed },
      ...(isOverCapacity(object) ? { annotations: { [overCapacityAnnotation]: 'truncated' } } : {}),
    },
    // Left out, the subsets of an object that apply did not write itself would stay.
    subsets: object.subsets ?? [],
  };
}

const isOverCapacity = ({ metadata }: EndpointsObject): boolean =>
  metadata.annotations?.[overCapacityAnnotation] !== undefined;

const removedLabels = ({ metadata }: EndpointsObject, existing: Endpoints | undefined): readonly string[] =>
  Object.keys(existing?.metadata.labels ?? {}).filter(label => metadata.labels?.[label] === undefined);

const annotationRoom = 262_144;
/** For the names of the annotations, and for what kubectl's copy has more than ours. */
const annotationReserve = 2_048;

function fitsAnnotation(manifest: object, existing: Endpoints | undefined): boolean {
  const { 'kubectl.kubernetes.io/last-applied-configuration': _, ...others } = existing?.metadata.annotations ?? {};
  const size = Buffer.byteLength(JSON.stringify(manifest)) + Buffer.byteLength(JSON.stringify(others));
  return size + annotationReserve <= annotationRoom;
}
