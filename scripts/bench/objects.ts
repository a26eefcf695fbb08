/** The node that is programmed. Half of all endpoints are on it. */
export const nodeName = 'bench';
export const otherNodeName = 'other';

export type KubernetesObject = Readonly<Record<string, unknown>>;

const serviceName = (index: number): string => `service-${index}`;

/** Returns the namespaced name of a Service, as kproxy logs it. */
export const serviceId = (index: number): string => `default/${serviceName(index)}`;

const octets = (base: readonly [number, number], offset: number): string =>
  `${base[0]}.${base[1] + (offset >> 16)}.${(offset >> 8) & 255}.${offset & 255}`;

export const clusterIp = (service: number): string => octets([10, 96], service + 1);

/** Returns the address of an endpoint. Each Service has consecutive addresses, with one left for an added endpoint. */
export const podAddress = (service: number, endpoint: number, endpoints: number): string =>
  octets([10, 244], service * (endpoints + 1) + endpoint + 256);

/** Returns metadata with the fields that the API server adds. */
const metadata = (name: string, index: number, more: KubernetesObject = {}) => ({
  name,
  namespace: 'default',
  uid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  resourceVersion: String(1000 + index),
  creationTimestamp: '2026-01-01T00:00:00Z',
  ...more,
});

export function nodeObject(name: string, address: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: `node-${name}`, resourceVersion: '1', labels: { 'kubernetes.io/hostname': name } },
    status: { addresses: [{ type: 'InternalIP', address }] },
  };
}

export function serviceObject(index: number): KubernetesObject {
  const address = clusterIp(index);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(serviceName(index), index, { labels: { app: serviceName(index) } }),
    spec: {
      type: 'ClusterIP',
      clusterIP: address,
      clusterIPs: [address],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
      ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 }],
      selector: { app: serviceName(index) },
      sessionAffinity: 'None',
    },
    status: { loadBalancer: {} },
  };
}

/**
 * Returns the EndpointSlice of a Service. Every other endpoint is on the node, and so is the added one. A change
 * therefore needs the same tools at every size: one for the virtual server, and one for the set of Pods that may reach
 * themselves.
 * @param endpoints the size of the cluster
 * @param count how many endpoints the slice has: `endpoints`, or one more
 */
export function sliceObject(service: number, endpoints: number, count = endpoints): KubernetesObject {
  const addresses = Array.from({ length: count }, (_, index) => podAddress(service, index, endpoints));
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: metadata(`${serviceName(service)}-abcde`, service, {
      generateName: `${serviceName(service)}-`,
      labels: {
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        'kubernetes.io/service-name': serviceName(service),
      },
    }),
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    endpoints: addresses.map((address, index) => ({
      addresses: [address],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: index % 2 === 0 || index === endpoints ? nodeName : otherNodeName,
    })),
  };
}
