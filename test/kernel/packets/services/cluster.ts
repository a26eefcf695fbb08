import { addressesOf, podCidrs, served } from './network.js';

/** A backend of a Service. It is ready if it has no conditions. */
interface Backend {
  readonly pod: 'local' | 'remote';
  readonly conditions?: { readonly ready: boolean; readonly serving: boolean; readonly terminating: boolean };
  readonly hints?: { readonly forZones: readonly { readonly name: string }[] };
}

/** What a Service of the table has besides its cluster IPs and three ports. */
interface Description {
  readonly backends: readonly Backend[];
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly externalIPs?: boolean;
  /** The ipMode of its load balancer. Undefined if it has none. */
  readonly loadBalancer?: 'VIP' | 'Proxy';
}

const ready: readonly Backend[] = [{ pod: 'local' }, { pod: 'remote' }];
const shuttingDown = { ready: false, serving: true, terminating: true };
const goneAlready = { ready: false, serving: false, terminating: true };
const inZone = (pod: Backend['pod'], name: string): Backend => ({ pod, hints: { forZones: [{ name }] } });

const clusterIp = { type: 'ClusterIP' };
const nodePort = { type: 'NodePort' };
const loadBalancer = { type: 'LoadBalancer' };
const externallyLocal = { externalTrafficPolicy: 'Local' };
/** The node port of the health check of one Service. */
export const healthCheckNodePort = 31_800;
const internallyLocal = { internalTrafficPolicy: 'Local' };

const descriptions: Readonly<Record<string, Description>> = {
  'cluster-ip': { backends: ready, spec: clusterIp },
  'node-port': { backends: ready, spec: nodePort },
  'load-balancer': { backends: ready, spec: loadBalancer, loadBalancer: 'VIP' },
  'proxy-balancer': { backends: ready, spec: loadBalancer, loadBalancer: 'Proxy' },
  'external-ip': { backends: ready, spec: clusterIp, externalIPs: true },
  'open-to-outside': {
    backends: ready,
    spec: { ...loadBalancer, loadBalancerSourceRanges: ['192.168.33.99/32', 'fd00:192:168:33::99/128'] },
    loadBalancer: 'VIP',
  },
  'open-to-machines': {
    backends: ready,
    spec: { ...loadBalancer, loadBalancerSourceRanges: ['192.168.33.0/24', 'fd00:192:168:33::/64'] },
    loadBalancer: 'VIP',
  },
  'open-to-everybody': {
    backends: ready,
    spec: { ...loadBalancer, loadBalancerSourceRanges: ['192.168.33.99/32', '0.0.0.0/0', '::/0'] },
    loadBalancer: 'VIP',
  },
  'open-over-ipv6': {
    backends: ready,
    spec: { ...loadBalancer, loadBalancerSourceRanges: ['192.168.33.99/32'] },
    loadBalancer: 'VIP',
  },
  'local-node-port': { backends: ready, spec: { ...nodePort, ...externallyLocal } },
  'local-balancer': {
    backends: ready,
    spec: { ...loadBalancer, ...externallyLocal, healthCheckNodePort },
    loadBalancer: 'VIP',
  },
  'local-external-ip': { backends: ready, spec: { ...clusterIp, ...externallyLocal }, externalIPs: true },
  'local-elsewhere': {
    backends: [{ pod: 'remote' }],
    spec: { ...loadBalancer, ...externallyLocal, healthCheckNodePort: 31_801 },
    loadBalancer: 'VIP',
    externalIPs: true,
  },
  'local-shutting-down': {
    backends: [{ pod: 'local', conditions: shuttingDown }, { pod: 'remote' }],
    spec: { ...loadBalancer, ...externallyLocal, healthCheckNodePort: 31_802 },
    loadBalancer: 'VIP',
  },
  'all-shutting-down': {
    backends: [
      { pod: 'local', conditions: goneAlready },
      { pod: 'remote', conditions: shuttingDown },
    ],
    spec: nodePort,
  },
  'some-shutting-down': { backends: [{ pod: 'local', conditions: shuttingDown }, { pod: 'remote' }], spec: nodePort },
  'internally-local': { backends: ready, spec: { ...clusterIp, ...internallyLocal } },
  'internally-elsewhere': { backends: [{ pod: 'remote' }], spec: { ...clusterIp, ...internallyLocal } },
  'internally-elsewhere-with-port': { backends: [{ pod: 'remote' }], spec: { ...nodePort, ...internallyLocal } },
  'zone-hints': { backends: [inZone('local', 'zone-a'), inZone('remote', 'zone-b')], spec: nodePort },
  sticky: { backends: ready, spec: { ...loadBalancer, sessionAffinity: 'ClientIP' }, loadBalancer: 'VIP' },
  'no-endpoints': { backends: [], spec: loadBalancer, loadBalancer: 'VIP', externalIPs: true },
};

export type Family = 'IPv4' | 'IPv6';
export const families: readonly Family[] = ['IPv4', 'IPv6'];

const byFamily = (ipv4: string, ipv6: string): Readonly<Record<Family, string>> => ({ IPv4: ipv4, IPv6: ipv6 });

/** Returns every address and port at which a Service of the table is reached. */
export function frontendsOf(name: string) {
  const number = Object.keys(descriptions).indexOf(name) + 1;
  if (number === 0) throw new TypeError(`the table's cluster has no Service ${name}`);
  return {
    clusterIp: byFamily(`10.254.1.${number}`, `fd00:254::${number}`),
    externalIp: byFamily(`198.51.100.${number}`, `fd00:198::${number}`),
    loadBalancer: byFamily(`203.0.113.${number}`, `fd00:203::${number}`),
    port: 80,
    nodePort: 30_000 + number,
  };
}

const metadata = (name: string, labels: Readonly<Record<string, string>> = {}) => ({
  name,
  namespace: 'default',
  labels,
});

function serviceObject(name: string, { spec, externalIPs, loadBalancer: ipMode }: Description) {
  const frontends = frontendsOf(name);
  const ports = served.map(({ protocol }) => ({
    name: protocol,
    protocol: protocol.toUpperCase(),
    port: frontends.port,
    ...(spec?.type === 'ClusterIP' ? {} : { nodePort: frontends.nodePort }),
  }));
  const of = (addresses: Readonly<Record<Family, string>>) => families.map(family => addresses[family]);
  const ingress = ipMode ? of(frontends.loadBalancer).map(ip => ({ ip, ipMode })) : [];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(name),
    spec: {
      ...spec,
      clusterIP: frontends.clusterIp.IPv4,
      clusterIPs: of(frontends.clusterIp),
      ipFamilies: families,
      ipFamilyPolicy: 'RequireDualStack',
      ...(externalIPs ? { externalIPs: of(frontends.externalIp) } : {}),
      ports,
    },
    status: { loadBalancer: { ingress } },
  };
}

function endpointSlice(name: string, backends: readonly Backend[], family: Family) {
  const addressOf = (pod: string) => addressesOf(pod).find(address => address.includes(':') === (family === 'IPv6'));
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: metadata(`${name}-${family.toLowerCase()}`, { 'kubernetes.io/service-name': name }),
    addressType: family,
    ports: served.map(({ protocol, port }) => ({ name: protocol, protocol: protocol.toUpperCase(), port })),
    endpoints: backends.map(({ pod, conditions = { ready: true, serving: true, terminating: false }, hints }) => ({
      addresses: [addressOf(pod)],
      nodeName: pod === 'local' ? 'node' : 'neighbour',
      conditions,
      ...(hints ? { hints } : {}),
    })),
  };
}

const nodeObject = (name: string, zone: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': zone } },
  spec: { podCIDR: podCidrs[name]?.[0], podCIDRs: podCidrs[name] },
  status: {
    addresses: addressesOf(name)
      .slice(0, 2)
      .map(address => ({ type: 'InternalIP', address })),
  },
});

/** Returns all objects of the cluster with their status. */
export const objects = [
  nodeObject('node', 'zone-a'),
  nodeObject('neighbour', 'zone-b'),
  ...Object.entries(descriptions).map(([name, description]) => serviceObject(name, description)),
  ...Object.entries(descriptions).flatMap(([name, { backends }]) =>
    families.map(family => endpointSlice(name, backends, family)),
  ),
];
