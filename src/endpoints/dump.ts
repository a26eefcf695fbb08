import type { EndpointAddress, EndpointPort, EndpointSubset } from '../cluster/schema/endpoints.js';

/*
 * Kubernetes orders ports and subsets by a hash of this text: Go's v1 types with the name and type of every field, as
 * go-spew prints them for `%#v`, with pointers followed and their addresses left out (k8s.io/utils/dump ForHash).
 */

/** Returns the text that Kubernetes hashes for a port. */
export const dumpPort = (port: EndpointPort): string => `(v1.EndpointPort)${portFields(port)}`;

/** Returns the text that Kubernetes hashes for a subset. */
export function dumpSubset({ addresses, notReadyAddresses, ports }: EndpointSubset): string {
  const fields = [
    `Addresses:([]v1.EndpointAddress)${list(addresses, addressFields)}`,
    `NotReadyAddresses:([]v1.EndpointAddress)${list(notReadyAddresses, addressFields)}`,
    `Ports:([]v1.EndpointPort)${list(ports, portFields)}`,
  ];
  return `(v1.EndpointSubset){${fields.join(' ')}}`;
}

const nothing = '<nil>';

const list = <Item>(items: readonly Item[] | null | undefined, dump: (item: Item) => string): string =>
  items == null || items.length === 0 ? nothing : `[${items.map(dump).join(' ')}]`;

const portFields = ({ name, port, protocol, appProtocol }: EndpointPort): string =>
  `{Name:(string)${name ?? ''} Port:(int32)${port ?? 0} Protocol:(v1.Protocol)${protocol ?? 'TCP'} ` +
  `AppProtocol:(*string)${appProtocol ?? nothing}}`;

const addressFields = ({ ip, hostname, nodeName, targetRef }: EndpointAddress): string =>
  `{IP:(string)${ip} Hostname:(string)${hostname ?? ''} NodeName:(*string)${nodeName ?? nothing} ` +
  `TargetRef:(*v1.ObjectReference)${referenceFields(targetRef)}}`;

function referenceFields(reference: EndpointAddress['targetRef']): string {
  if (reference == null) return nothing;
  const {
    kind = '',
    namespace = '',
    name = '',
    uid = '',
    apiVersion = '',
    resourceVersion = '',
    fieldPath = '',
  } = reference;
  const fields = [
    `Kind:(string)${kind}`,
    `Namespace:(string)${namespace}`,
    `Name:(string)${name}`,
    `UID:(types.UID)${uid}`,
    `APIVersion:(string)${apiVersion}`,
    `ResourceVersion:(string)${resourceVersion}`,
    `FieldPath:(string)${fieldPath}`,
  ];
  return `{${fields.join(' ')}}`;
}
