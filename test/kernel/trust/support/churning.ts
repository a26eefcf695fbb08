import { randomNumbers } from '../../support/walk.js';
import { isNear } from './network.js';
import type { ServiceDescription } from './services.js';
import { apiServer, type ServiceFlow, type ServiceName, services } from './shop.js';
import type { Handling } from './traffic.js';

/**
 * A moment of a cluster that changes all the time: the Services of shop.ts, which always exist, some others, and
 * kproxy's options.
 */
export interface Moment {
  readonly backends: Readonly<Record<ServiceName, readonly string[]>>;
  /** The names of `switches` that are on. */
  readonly on: ReadonlySet<string>;
}

/** The Service whose backends do not change, because its clients would not stay with theirs. */
const steady: ReadonlySet<string> = new Set(['sticky']);
const pods = ['near-1', 'near-2', 'far-1', 'far-2'] as const;

/** Changes of the cluster and of the options that are made and undone. */
const switches = [
  // Services that always exist.
  'web is another Service',
  'web has an external IP',
  'dns is a node port',
  'shop has a further port',
  'external has affinity',
  'ranged is open to all machines',
  'ranged is open to all',
  // Services that exist sometimes.
  'extra',
  'extra over IPv6',
  'extra load balancer',
  'extra without endpoints',
  // Options.
  'wrr',
  'masquerade all',
  'strict ARP',
  'node ports on one network',
] as const;
type Switch = (typeof switches)[number];

const extras: Readonly<Partial<Record<Switch, ServiceDescription>>> = {
  extra: {
    name: 'extra',
    clusterIps: ['10.254.2.1'],
    ports: [
      { protocol: 'tcp', port: 80, nodePort: 30_091 },
      { protocol: 'udp', port: 80, nodePort: 30_091 },
    ],
    backends: ['near-1', 'far-1'],
    // It shares an address with another Service.
    spec: { externalIPs: ['198.51.100.6'] },
  },
  'extra over IPv6': {
    name: 'extra-6',
    clusterIps: ['fd00:254::22'],
    ports: [{ protocol: 'tcp', port: 80, nodePort: 30_092 }],
    backends: ['near-2', 'far-1'],
    spec: { sessionAffinity: 'ClientIP' },
  },
  'extra load balancer': {
    name: 'extra-balancer',
    clusterIps: ['10.254.2.3'],
    ports: [{ protocol: 'tcp', port: 8080, nodePort: 30_093 }],
    backends: ['far-1', 'far-2'],
    spec: { type: 'LoadBalancer', loadBalancerSourceRanges: ['192.0.2.0/24'] },
    loadBalancerIp: '203.0.113.13',
  },
  'extra without endpoints': {
    name: 'extra-empty',
    clusterIps: ['10.254.2.4'],
    ports: [{ protocol: 'udp', port: 53 }],
    backends: [],
  },
};

const isOn = ({ on }: Moment, name: Switch): boolean => on.has(name);

function ranges(moment: Moment): readonly string[] {
  if (isOn(moment, 'ranged is open to all')) return [];
  return [isOn(moment, 'ranged is open to all machines') ? '192.168.33.0/24' : '192.168.33.99/32'];
}

/** Returns the Services of a moment. */
export function servicesAt(moment: Moment): readonly ServiceDescription[] {
  const own = (name: ServiceName): ServiceDescription => ({ ...services[name], backends: moment.backends[name] });
  const has = (name: Switch) => isOn(moment, name);
  const [web, dns, shop, external, ranged] = [own('web'), own('dns'), own('shop'), own('external'), own('ranged')];
  return [
    apiServer,
    {
      ...web,
      name: has('web is another Service') ? 'web-too' : 'web',
      ...(has('web has an external IP') ? { spec: { externalIPs: ['198.51.100.1'] } } : {}),
    },
    {
      ...dns,
      ports: dns.ports.map(port => (has('dns is a node port') ? { ...port, nodePort: 30_053 } : port)),
    },
    {
      ...shop,
      ports: has('shop has a further port')
        ? [...shop.ports, { protocol: 'tcp', port: 81, nodePort: 30_181 }]
        : shop.ports,
    },
    own('local'),
    own('sticky'),
    {
      ...external,
      spec: { ...external.spec, sessionAffinity: has('external has affinity') ? 'ClientIP' : 'None' },
    },
    { ...ranged, spec: { ...ranged.spec, loadBalancerSourceRanges: ranges(moment) } },
    ...Object.entries(extras).flatMap(([name, extra]) => (has(name as Switch) ? [extra] : [])),
  ];
}

/** Returns kproxy's options at a moment. */
export const optionsAt = (moment: Moment): readonly string[] => [
  ...(isOn(moment, 'wrr') ? ['--ipvs-scheduler', 'wrr'] : []),
  ...(isOn(moment, 'masquerade all') ? ['--masquerade-all'] : []),
  ...(isOn(moment, 'strict ARP') ? ['--ipvs-strict-arp'] : []),
  ...(isOn(moment, 'node ports on one network') ? ['--nodeport-addresses', '192.168.33.0/24'] : []),
];

/** Returns how the node may handle a flow between two moments: rules change before real servers are removed. */
export function handlingsBetween(moments: readonly Moment[], flow: ServiceFlow): readonly Handling[] {
  const backends = moments.flatMap(moment => backendsAt(moment, flow));
  return moments.map(moment => ({ backends, source: sourceAt(moment, flow) }));
}

/** Returns the backends that may answer a flow at a moment. */
export function backendsAt(moment: Moment, { service, nearOnly = false }: ServiceFlow): readonly string[] {
  const all = moment.backends[service];
  return nearOnly ? all.filter(isNear) : all;
}

function sourceAt(moment: Moment, { address, source }: ServiceFlow): Handling['source'] {
  const isToClusterIp = address.startsWith('10.254.') || address.startsWith('fd00:254:');
  return isToClusterIp && isOn(moment, 'masquerade all') ? 'node' : source;
}

const first: Moment = {
  backends: Object.fromEntries(
    Object.entries(services).map(([name, { backends }]) => [name, backends]),
  ) as unknown as Moment['backends'],
  on: new Set(),
};

const toggled = (set: ReadonlySet<string>, name: string): ReadonlySet<string> =>
  set.has(name) ? new Set([...set].filter(one => one !== name)) : new Set([...set, name]);

/** A Service keeps a backend on each node. Its traffic policy Local needs one on the node under test. */
function canBe(backends: readonly string[]): boolean {
  return backends.some(isNear) && backends.some(backend => !isNear(backend));
}

/** Makes a few changes at a time, of backends and of switches. */
function next(moment: Moment, random: () => number): Moment {
  const pick = <Some>(from: readonly Some[]): Some => from[Math.floor(random() * from.length)] as Some;
  const names = (Object.keys(services) as ServiceName[]).filter(name => !steady.has(name));
  const backends: Record<ServiceName, readonly string[]> = { ...moment.backends };
  for (let change = 0; change < 2; change += 1) {
    const name = pick(names);
    // Sometimes all of them change at once.
    const changing: readonly string[] = random() < 0.3 ? pods : [pick(pods)];
    const changed = changing.reduce(toggled, new Set<string>(backends[name]) as ReadonlySet<string>);
    if (canBe([...changed])) backends[name] = pods.filter(pod => changed.has(pod));
  }
  return { backends, on: toggled(moment.on, pick(switches)) };
}

/** Returns the moments of a cluster with this number of changes. They follow from the seed. */
export function churn({ seed, steps }: { readonly seed: number; readonly steps: number }): readonly Moment[] {
  const random = randomNumbers(seed);
  const moments = [first];
  for (let step = 0; step < steps; step += 1) moments.push(next(moments.at(-1) as Moment, random));
  return moments;
}
