import { checkObjects } from '../../../../src/cluster/check.js';
import type { World } from '../../../../src/explain/ask/world.js';
import { familyOf } from '../../../../src/net/address.js';
import { canonicalNetwork } from '../../../../src/net/network.js';
import type { Datapath, DatapathLink, Route } from '../../../../src/node/datapath/datapath.js';
import { unknownFacts } from '../../../../src/node/facts.js';
import { tutorialProxy } from '../../../support/run-sync.js';

/** Returns a device. Addresses have a prefix length: `10.244.1.1/24`. */
export const link = (name: string, type: string | undefined, ...addresses: readonly string[]): DatapathLink => ({
  name,
  ...(type === undefined ? {} : { type }),
  isUp: true,
  addresses: addresses.map(text => {
    const [address = '', prefix] = text.split('/');
    return { address, prefix: Number(prefix), scope: name === 'lo' ? 'host' : 'global' };
  }),
});

/** Returns a route of the main table: `route('10.244.2.0/24', 'eth0', '192.168.33.12')`. */
export const route = (destination: string, device: string, gateway?: string): Route => ({
  family: familyOf(destination),
  table: 'main',
  type: 'unicast',
  destination,
  metric: 0,
  hops: [{ device, ...(gateway === undefined ? {} : { gateway }) }],
});

/** Returns the routes to the networks of a device's own addresses. */
const ownRoutes = (links: readonly DatapathLink[]): readonly Route[] =>
  links.flatMap(({ name, addresses }) =>
    addresses.flatMap(({ address, prefix }) => {
      const network = canonicalNetwork(`${address}/${prefix}`);
      return network === undefined || name === 'lo' ? [] : [route(network, name)];
    }),
  );

/** The links of the tutorial's worker. */
export const workerLinks: readonly DatapathLink[] = [
  link('lo', undefined, '127.0.0.1/8'),
  link('eth0', undefined, '192.168.33.11/24'),
  link('cni0', 'bridge', '10.244.1.1/24'),
  link('kube-ipvs0', 'dummy', '10.254.10.128/32'),
];

export const datapathWith = (
  links: readonly DatapathLink[],
  routes: readonly Route[],
  more: Partial<Datapath> = {},
): Datapath => ({
  tables: [],
  sets: [],
  virtualServers: [],
  links,
  routes: [...ownRoutes(links.filter(({ name }) => name !== 'kube-ipvs0')), ...routes],
  routingRules: [],
  sysctls: {},
  sockets: undefined,
  unread: [],
  ...more,
});

/** The datapath of the tutorial's worker, with a default route. */
export const workerDatapath = datapathWith(workerLinks, [
  route('0.0.0.0/0', 'eth0', '192.168.33.1'),
  route('10.244.2.0/24', 'eth0', '192.168.33.12'),
]);

/** Returns a world with these objects. The node's facts are those of its links. */
export function worldWith(objects: readonly object[], more: Partial<World> = {}): World {
  const datapath = more.datapath ?? workerDatapath;
  const localAddresses = datapath.links
    .filter(({ name }) => name !== 'kube-ipvs0')
    .flatMap(({ name, addresses }) =>
      addresses.map(({ address, prefix, scope }) => ({ link: name, address, prefix, scope })),
    );
  const { cluster } = checkObjects(objects.map(value => ({ source: 'test', value })));
  return { cluster, proxy: tutorialProxy, facts: { ...unknownFacts, localAddresses }, datapath, ...more };
}

/** Returns an Endpoints object whose addresses are on nodes: `{ '10.244.1.3': 'inajob' }`. */
export const placedEndpoints = (
  name: string,
  places: Readonly<Record<string, string | undefined>>,
  port: object = { port: 8080 },
): object => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name, namespace: 'default' },
  subsets: [
    {
      addresses: Object.entries(places).map(([ip, nodeName]) => ({
        ip,
        nodeName,
        targetRef: { kind: 'Pod', namespace: 'default', name: `${name}-${ip.replaceAll(/[.:]/g, '-')}` },
      })),
      ports: [port],
    },
  ],
});

export const nodeObject = (name: string, ...addresses: readonly string[]): object => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  status: { addresses: addresses.map(address => ({ type: 'InternalIP', address })) },
});
