import { addressOf, clusterCidr, isNear, node, targetPorts, topology } from './network.js';

type Protocol = 'tcp' | 'udp';

export interface ServiceDescription {
  readonly name: string;
  readonly clusterIps: readonly string[];
  readonly ports: readonly { readonly protocol: Protocol; readonly port: number; readonly nodePort?: number }[];
  /** The names of the ready Pods. */
  readonly backends: readonly string[];
  /** Further fields of its spec. */
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly loadBalancerIp?: string;
}

const metadata = (name: string, labels: Readonly<Record<string, string>> = {}) => ({
  name,
  namespace: 'default',
  labels,
});
const familyOf = (address: string) => (address.includes(':') ? 'IPv6' : 'IPv4');

function serviceObject({ name, clusterIps, ports, spec = {}, loadBalancerIp }: ServiceDescription) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(name),
    spec: {
      type: ports.some(({ nodePort }) => nodePort !== undefined) ? 'NodePort' : 'ClusterIP',
      clusterIP: clusterIps[0],
      clusterIPs: clusterIps,
      ipFamilies: clusterIps.map(familyOf),
      ipFamilyPolicy: clusterIps.length > 1 ? 'RequireDualStack' : 'SingleStack',
      ...spec,
      ports: ports.map(({ protocol, port, nodePort }) => ({
        name: `${protocol}-${port}`,
        protocol: protocol.toUpperCase(),
        port,
        targetPort: targetPorts[protocol],
        ...(nodePort === undefined ? {} : { nodePort }),
      })),
    },
    ...(loadBalancerIp === undefined ? {} : { status: { loadBalancer: { ingress: [{ ip: loadBalancerIp }] } } }),
  };
}

function endpointSlice({ name, ports, backends }: ServiceDescription, clusterIp: string) {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: metadata(`${name}-${familyOf(clusterIp).toLowerCase()}`, { 'kubernetes.io/service-name': name }),
    addressType: familyOf(clusterIp),
    ports: ports.map(({ protocol, port }) => ({
      name: `${protocol}-${port}`,
      protocol: protocol.toUpperCase(),
      port: targetPorts[protocol],
    })),
    endpoints: backends.map(backend => ({
      addresses: [addressOf(backend, clusterIp)],
      nodeName: isNear(backend) ? node : 'neighbour',
      conditions: { ready: true, serving: true, terminating: false },
    })),
  };
}

const nodeObjects = topology.nodes.map(({ name, addresses }) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name } },
  status: { addresses: addresses.map(address => ({ type: 'InternalIP', address: address.split('/')[0] })) },
}));

/** Returns the objects of a cluster with these Services. */
export const clusterObjects = (services: readonly ServiceDescription[]) => [
  ...nodeObjects,
  ...services.map(serviceObject),
  ...services.flatMap(service => service.clusterIps.map(clusterIp => endpointSlice(service, clusterIp))),
];

/** Returns the same as one document for `--from`. */
export const clusterDocument = (services: readonly ServiceDescription[]): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items: clusterObjects(services) });

/** kproxy's arguments for the node under test, with the cluster on its standard input. */
export const fromStdin = (command: string, ...options: readonly string[]): readonly string[] => [
  ...[command, '--from', '-', '--node', node, '--cluster-cidr', clusterCidr],
  ...options,
];
