import type { EndpointAddress, EndpointPort, EndpointSubset } from '../cluster/schema/endpoints.js';
import { headlessLabel, overCapacityAnnotation } from './names.js';
import { repackSubsets } from './subsets.js';

type Texts = Readonly<Record<string, string>> | null | undefined;

/** The parts of an Endpoints object that decide whether it is written. */
export interface EndpointsContent {
  readonly subsets: readonly EndpointSubset[];
  readonly labels: Texts;
  readonly annotations: Texts;
}

/** Returns the parts of an Endpoints object that decide whether it is written. */
export const contentOf = ({
  metadata,
  subsets,
}: {
  readonly metadata: { readonly labels?: Texts; readonly annotations?: Texts };
  readonly subsets?: readonly EndpointSubset[] | null | undefined;
}): EndpointsContent => ({ labels: metadata.labels, annotations: metadata.annotations, subsets: subsets ?? [] });

/**
 * Returns true if writing `desired` over `existing` would change nothing that counts. As in Kubernetes' endpoints
 * controller, the resource versions of Pods and the headless label alone are no reason to write. Annotations of other
 * software never are.
 */
export function isUpToDate(existing: EndpointsContent, desired: EndpointsContent): boolean {
  return (
    isSameText(withoutHeadless(existing.labels), withoutHeadless(desired.labels)) &&
    existing.annotations?.[overCapacityAnnotation] === desired.annotations?.[overCapacityAnnotation] &&
    isSameSubsets(existing.subsets, desired.subsets)
  );
}

/** Compares a second time in canonical form, because an older controller stored the same subsets in another order. */
function isSameSubsets(existing: readonly EndpointSubset[], desired: readonly EndpointSubset[]): boolean {
  const desiredText = subsetsText(desired);
  return subsetsText(existing) === desiredText || subsetsText(repackSubsets(existing)) === desiredText;
}

const withoutHeadless = (labels: Texts): Texts => {
  const { [headlessLabel]: _, ...others } = labels ?? {};
  return others;
};

const isSameText = (a: Texts, b: Texts): boolean => entriesText(a) === entriesText(b);
const entriesText = (texts: Texts): string => JSON.stringify(Object.entries(texts ?? {}).sort());

const subsetsText = (subsets: readonly EndpointSubset[]): string =>
  JSON.stringify(
    subsets.map(({ addresses, notReadyAddresses, ports }) => [
      (addresses ?? []).map(addressParts),
      (notReadyAddresses ?? []).map(addressParts),
      (ports ?? []).map(portParts),
    ]),
  );

const portParts = ({ name, port, protocol, appProtocol }: EndpointPort): readonly unknown[] => [
  name ?? '',
  port ?? 0,
  protocol ?? 'TCP',
  appProtocol ?? null,
];

const addressParts = ({ ip, hostname, nodeName, targetRef }: EndpointAddress): readonly unknown[] => [
  ip,
  hostname ?? '',
  nodeName ?? null,
  targetRef == null ? null : referenceParts(targetRef),
];

const referenceParts = (reference: NonNullable<EndpointAddress['targetRef']>): readonly unknown[] =>
  ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'fieldPath'].map(field => reference[field] ?? '');
