/** How large a generated cluster is. */
export interface Size {
  readonly services: number;
  readonly endpoints: number;
}

export const sizeText = ({ services, endpoints }: Size): string => `${services}x${endpoints}`;

/** The node that is programmed; half of all endpoints are on it. */
export const nodeName = 'bench';
const otherNode = 'other';
export const clusterCidr = '10.244.0.0/16';

type KubernetesObject = Readonly<Record<string, unknown>>;

export interface ClusterList {
  readonly apiVersion: 'v1';
  readonly kind: 'List';
  readonly items: readonly KubernetesObject[];
}

/** The same cluster for the same size, with what the API server adds to every object, as lists of a real one have it. */
export function clusterOf({ services, endpoints }: Size): ClusterList {
  const numbers = Array.from({ length: services }, (_, index) => index);
  const nodes = [nodeOf(nodeName, '10.10.0.11'), nodeOf(otherNode, '10.10.0.12')];
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [...nodes, ...numbers.map(serviceOf), ...numbers.map(number => sliceOf(number, endpoints))],
  };
}

const octets = (base: readonly [number, number], number: number): string =>
  `${base[0]}.${base[1] + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;

export const serviceName = (number: number): string => `service-${number}`;
const clusterIp = (number: number): string => octets([10, 96], number + 1);

/** The addresses of a Service's endpoints lie in one row, with room for one more. */
const podAddress = (service: number, endpoint: number, endpoints: number): string =>
  octets([10, 244], service * (endpoints + 1) + endpoint + 256);

const metadata = (name: string, number: number, more: KubernetesObject = {}) => ({
  name,
  namespace: 'default',
  uid: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  resourceVersion: String(1000 + number),
  creationTimestamp: '2026-01-01T00:00:00Z',
  ...more,
});

function nodeOf(name: string, address: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: `node-${name}`, resourceVersion: '1', labels: { 'kubernetes.io/hostname': name } },
    status: { addresses: [{ type: 'InternalIP', address }] },
  };
}

function serviceOf(number: number): KubernetesObject {
  const address = clusterIp(number);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(serviceName(number), number, { labels: { app: serviceName(number) } }),
    spec: {
      type: 'ClusterIP',
      clusterIP: address,
      clusterIPs: [address],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
      ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 }],
      selector: { app: serviceName(number) },
      sessionAffinity: 'None',
    },
    status: { loadBalancer: {} },
  };
}

/**
 * The EndpointSlice of a Service, with that many endpoints: every other one on the node, and so is the one that comes beyond them. Whatever the size, a
 * change then takes the same tools: the virtual server's, and the set's of Pods that may reach themselves.
 */
export function sliceOf(service: number, endpoints: number, present = endpoints): KubernetesObject {
  const addresses = Array.from({ length: present }, (_, index) => podAddress(service, index, endpoints));
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
      nodeName: index % 2 === 0 || index === endpoints ? nodeName : otherNode,
    })),
  };
}

/** One change of a cluster: the slice of a Service with one endpoint more, and the real server that this makes, as /proc/net/ip_vs lists it. */
export interface EndpointAdded {
  readonly service: string;
  readonly slice: KubernetesObject;
  readonly realServer: string;
}

export function endpointAdded({ endpoints }: Pick<Size, 'endpoints'>, service: number): EndpointAdded {
  return {
    service: `default/${serviceName(service)}`,
    slice: sliceOf(service, endpoints, endpoints + 1),
    realServer: `${hexadecimal(podAddress(service, endpoints, endpoints))}:1F90`,
  };
}

const hexadecimal = (address: string): string =>
  address
    .split('.')
    .map(octet => Number(octet).toString(16).toUpperCase().padStart(2, '0'))
    .join('');

/** The cluster after the change. */
export function withChange(cluster: ClusterList, { slice }: EndpointAdded): ClusterList {
  const nameOf = (object: KubernetesObject) => (object.metadata as { readonly name: string }).name;
  return { ...cluster, items: cluster.items.map(item => (nameOf(item) === nameOf(slice) ? slice : item)) };
}
