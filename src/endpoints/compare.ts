import type { EndpointAddress, EndpointPort, EndpointSubset } from '../cluster/schema/endpoints.js';
import { headlessLabel, overCapacityAnnotation } from './names.js';
import { repackSubsets } from './subsets.js';

type Texts = Readonly<Record<string, string>> | null | undefined;

/** What of an Endpoints object the controller looks at. */
export interface ComparedEndpoints {
  readonly subsets: readonly EndpointSubset[];
  readonly labels: Texts;
  readonly annotations: Texts;
}

/**
 * Whether writing `desired` over `existing` would say nothing new. As in Kubernetes' controller the Pods' resource
 * versions and the headless label alone are no reason to write, and other software's annotations never are.
 */
export function saysTheSame(existing: ComparedEndpoints, desired: ComparedEndpoints): boolean {
  return (
    sameText(withoutHeadless(existing.labels), withoutHeadless(desired.labels)) &&
    existing.annotations?.[overCapacityAnnotation] === desired.annotations?.[overCapacityAnnotation] &&
    sameSubsets(existing.subsets, desired.subsets)
  );
}

/** An older controller stored the same subsets in another order: compared once more in the canonical form. */
function sameSubsets(existing: readonly EndpointSubset[], desired: readonly EndpointSubset[]): boolean {
  const wanted = subsetsText(desired);
  return subsetsText(existing) === wanted || subsetsText(repackSubsets(existing)) === wanted;
}

const withoutHeadless = (labels: Texts): Texts => {
  const { [headlessLabel]: _, ...others } = labels ?? {};
  return others;
};

const sameText = (a: Texts, b: Texts): boolean => entriesText(a) === entriesText(b);
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
