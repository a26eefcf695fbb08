import { isNear } from './network.js';
import type { ServiceDescription } from './services.js';
import type { Flow, Handling } from './traffic.js';

const allBackends = ['near-1', 'near-2', 'far-1', 'far-2'];
const loadBalancer = { type: 'LoadBalancer' };

/** One Service of each kind that handles packets in its own way. */
export const services = {
  web: {
    name: 'web',
    clusterIps: ['10.254.1.1', 'fd00:254::11'],
    ports: [{ protocol: 'tcp', port: 80 }],
    backends: allBackends,
  },
  dns: {
    name: 'dns',
    clusterIps: ['10.254.1.2'],
    ports: [
      { protocol: 'udp', port: 53 },
      { protocol: 'tcp', port: 53 },
    ],
    backends: ['near-1', 'far-1'],
  },
  shop: {
    name: 'shop',
    clusterIps: ['10.254.1.3'],
    ports: [
      { protocol: 'tcp', port: 80, nodePort: 30_080 },
      { protocol: 'udp', port: 80, nodePort: 30_080 },
    ],
    backends: allBackends,
  },
  local: {
    name: 'local',
    clusterIps: ['10.254.1.4'],
    ports: [{ protocol: 'tcp', port: 80, nodePort: 30_081 }],
    backends: ['near-1', 'far-1'],
    spec: { ...loadBalancer, externalTrafficPolicy: 'Local', healthCheckNodePort: 31_801 },
    loadBalancerIp: '203.0.113.4',
  },
  sticky: {
    name: 'sticky',
    clusterIps: ['10.254.1.5'],
    ports: [{ protocol: 'tcp', port: 80, nodePort: 30_082 }],
    backends: ['near-2', 'far-2'],
    spec: { sessionAffinity: 'ClientIP' },
  },
  external: {
    name: 'external',
    clusterIps: ['10.254.1.6'],
    ports: [{ protocol: 'tcp', port: 80 }],
    backends: ['near-2', 'far-1'],
    spec: { externalIPs: ['198.51.100.6'] },
  },
  ranged: {
    name: 'ranged',
    clusterIps: ['10.254.1.7'],
    ports: [{ protocol: 'tcp', port: 80, nodePort: 30_083 }],
    backends: ['near-1', 'far-2'],
    spec: { ...loadBalancer, loadBalancerSourceRanges: ['192.168.33.99/32'] },
    loadBalancerIp: '203.0.113.7',
  },
} as const satisfies Readonly<Record<string, ServiceDescription>>;

/** The Service that every cluster has, created by its API server. */
export const apiServer: ServiceDescription = {
  name: 'kubernetes',
  clusterIps: ['10.254.0.1'],
  ports: [{ protocol: 'tcp', port: 443 }],
  backends: [],
};

export type ServiceName = keyof typeof services;

/** A flow to one of the Services, and how the Service handles it. */
export interface ServiceFlow extends Flow {
  readonly service: ServiceName;
  readonly source: Handling['source'];
  /** Only the node's own backends answer. */
  readonly nearOnly?: boolean;
}

const flow = (
  service: ServiceName,
  from: string,
  place: string,
  source: Handling['source'],
  more: { readonly protocol?: 'udp'; readonly nearOnly?: boolean } = {},
): ServiceFlow => {
  const separator = place.lastIndexOf(':');
  const [address, port] = [place.slice(0, separator), Number(place.slice(separator + 1))];
  const protocol = more.protocol ?? 'tcp';
  return { name: `${from}-${protocol}-${place}`, service, from, address, port, source, ...more, protocol };
};

const nodeAddress = '192.168.33.11';

export const flows: readonly ServiceFlow[] = [
  flow('web', 'client', '10.254.1.1:80', 'client'),
  flow('web', 'client', 'fd00:254::11:80', 'client'),
  flow('web', 'near-1', '10.254.1.1:80', 'client'),
  flow('web', 'node', '10.254.1.1:80', 'node'),
  flow('web', 'outside', '10.254.1.1:80', 'node'),
  flow('dns', 'client', '10.254.1.2:53', 'client', { protocol: 'udp' }),
  flow('dns', 'client', '10.254.1.2:53', 'client'),
  flow('dns', 'node', '10.254.1.2:53', 'node', { protocol: 'udp' }),
  flow('shop', 'outside', `${nodeAddress}:30080`, 'node'),
  flow('shop', 'outside', `${nodeAddress}:30080`, 'node', { protocol: 'udp' }),
  flow('local', 'outside', '203.0.113.4:80', 'client', { nearOnly: true }),
  flow('local', 'outside', `${nodeAddress}:30081`, 'client', { nearOnly: true }),
  flow('sticky', 'client', '10.254.1.5:80', 'client'),
  flow('sticky', 'outside', `${nodeAddress}:30082`, 'node'),
  flow('external', 'outside', '198.51.100.6:80', 'node'),
  flow('ranged', 'outside', '203.0.113.7:80', 'node'),
];

/** Returns how a Service handles a flow if these backends are ready. */
export const handling = (
  { service, source, nearOnly = false }: ServiceFlow,
  backends: readonly string[] = services[service].backends,
): Handling => ({ source, backends: nearOnly ? backends.filter(isNear) : backends });
