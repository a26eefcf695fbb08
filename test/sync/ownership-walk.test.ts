import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkObjects } from '../../src/cluster/check.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import { ClusterStore } from '../../src/cluster/store.js';
import type { ProxyOptions } from '../../src/proxy/options.js';
import { Programmer } from '../../src/sync/programmer.js';
import { type FakeNode, fakeNode, parse, print } from '../support/fake-node/index.js';
import { parityOptions } from '../support/parity-case.js';
import { reconciliationOn } from '../support/synced-node.js';
import { ipvsOf } from './support/programmed-node.js';

/*
 * Walks from one small cluster to the next. Their Services have few node ports, addresses and endpoints, which move
 * from one Service to another and from one family to the other. After each step the node is as a fresh one would be,
 * and whatever happened before, nothing of kproxy's passes for other software's, and nothing of others for kproxy's.
 */
const runs = { seed: 20261201, numRuns: Number(process.env.KPROXY_RUNS ?? 100) };
/** The limit for a property, which grows with the number of its runs. */
const milliseconds = Math.max(60_000, 300 * runs.numRuns);
const scope = { namespace: undefined, allowEmpty: true };

const families = fc.constantFrom(['IPv4'], ['IPv6'], ['IPv4', 'IPv6'], ['IPv6', 'IPv4']);
const clusterIp = { IPv4: '10.96.0.', IPv6: 'fd00:96::' } as const;
const podAddress = { IPv4: '10.244.1.', IPv6: 'fd00:244:1::' } as const;
type AnyFamily = keyof typeof clusterIp;

const externalIp = fc.constantFrom('198.51.100.1', '198.51.100.2', '2001:db8:1::1', '10.10.0.11', 'fd00:10:10::11');

const service = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  families: families as fc.Arbitrary<readonly AnyFamily[]>,
  host: fc.integer({ min: 1, max: 2 }),
  type: fc.constantFrom('NodePort', 'NodePort', 'ClusterIP', 'LoadBalancer'),
  protocol: fc.constantFrom('TCP', 'UDP'),
  port: fc.constantFrom(80, 30080),
  nodePort: fc.constantFrom(30080, 30081),
  externalIPs: fc.uniqueArray(externalIp, { maxLength: 2 }),
  ingress: fc.uniqueArray(externalIp, { maxLength: 1 }),
  backends: fc.subarray([3, 4]),
  created: fc.integer({ min: 1, max: 3 }),
});
type RandomService = typeof service extends fc.Arbitrary<infer Value> ? Value : never;

function objectsOf(one: RandomService, index: number): readonly object[] {
  const { name, host, type, protocol, port, nodePort, externalIPs, ingress, backends, created } = one;
  // The API server gives each Service a cluster IP of its own.
  const clusterIPs = one.families.map(family => `${clusterIp[family]}${index * 2 + host}`);
  const metadata = { name, namespace: 'default' };
  return [
    {
      ...{ apiVersion: 'v1', kind: 'Service' },
      metadata: { ...metadata, creationTimestamp: `2026-01-01T00:00:0${created}Z` },
      spec: {
        ...{ type, clusterIPs, clusterIP: clusterIPs[0], ipFamilies: one.families, externalIPs },
        ports: [{ name: '', protocol, port, ...(type !== 'ClusterIP' && { nodePort }) }],
      },
      status: { loadBalancer: { ingress: type === 'LoadBalancer' ? ingress.map(ip => ({ ip })) : [] } },
    },
    ...one.families.map(family => ({
      ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: family },
      metadata: {
        ...metadata,
        name: `${name}-${family.toLowerCase()}`,
        labels: { 'kubernetes.io/service-name': name },
      },
      ports: [{ name: '', protocol, port: 8080 }],
      endpoints: backends.map(pod => ({ addresses: [`${podAddress[family]}${pod}`], conditions: { ready: true } })),
    })),
  ];
}

const cluster = fc.uniqueArray(service, { maxLength: 3, selector: ({ name }) => name }).map((services): Cluster => {
  const { cluster: checked } = checkObjects(
    services.flatMap((one, index) => objectsOf(one, index).map(value => ({ source: 'walk', value }))),
  );
  if (checked.invalid.length > 0) throw new Error(JSON.stringify(checked.invalid));
  return checked;
});

/** A step of a walk, and how kproxy learns of it. */
const step = fc.record({ cluster, how: fc.constantFrom('changes', 'changes', 'all', 'restart') });
const walk = fc.array(step, { minLength: 2, maxLength: 6 });

const options = fc
  .record({
    profile: fc.constantFrom<ProxyOptions['profile']>('full', 'full', 'tutorial'),
    excludeCidrs: fc.constantFrom<readonly string[]>([], [], ['198.51.100.0/30'], ['10.10.0.0/24'], ['10.96.0.2/31']),
    nodePortAddresses: fc.constantFrom<readonly string[]>([], [], ['10.10.0.0/24'], ['fd00:10:10::/64']),
  })
  .map((some): ProxyOptions => ({ ...parityOptions, ...some }));

/** Walks on a node. Calls a function after each step with what kproxy says of the Services. */
async function walkOn(
  node: FakeNode,
  proxy: ProxyOptions,
  steps: readonly { readonly cluster: Cluster; readonly how: string }[],
  check: (cluster: Cluster, problems: readonly string[]) => Promise<void>,
): Promise<void> {
  let store = new ClusterStore();
  let programmer = new Programmer({ ...scope, store, node, proxy });
  for (const { cluster: next, how } of steps) {
    if (how === 'restart') {
      store = new ClusterStore();
      programmer = new Programmer({ ...scope, store, node, proxy });
    }
    const changes = store.replaceAll(next);
    const { desired } = await (how === 'changes' ? programmer.syncChanges(changes) : programmer.syncAll(changes));
    await check(next, desired.problems);
  }
}

test(
  'nothing of kproxy passes for other software, whatever moves between Services and families',
  () =>
    fc.assert(
      fc.asyncProperty(walk, options, async (steps, proxy) => {
        const node = fakeNode();
        await walkOn(node, proxy, steps, async (next, problems) => {
          expect(problems.filter(line => line.includes('other software'))).toEqual([]);
          expect((await reconciliationOn(node, next, proxy, scope)).plan).toEqual([]);
          const fresh = fakeNode();
          await walkOn(fresh, proxy, [{ cluster: next, how: 'all' }], async () => {});
          expect([...ipvsOf(node)].sort()).toEqual([...ipvsOf(fresh)].sort());
        });
      }),
      runs,
    ),
  milliseconds,
);

/** What other software has: at addresses and ports that Services claim too, with real servers of all kinds. */
const foreignServers = fc.uniqueArray(
  fc.record({
    server: fc.constantFrom(
      ...['198.51.100.1:80', '198.51.100.2:443', '[2001:db8:1::1]:80'],
      ...['10.10.0.11:30080', '[fd00:10:10::11]:30080'],
    ),
    real: fc.constantFrom(undefined, '-g -w 3', '-m -w 3'),
  }),
  { minLength: 1, maxLength: 3, selector: ({ server }) => server },
);

/** Makes the virtual servers of other software that kproxy has not taken before. Returns their lines. */
function makeForeign(node: FakeNode, servers: typeof foreignServers extends fc.Arbitrary<infer Value> ? Value : never) {
  const present = print(node.kernel);
  const made = servers.filter(({ server }) => {
    const [address = '', port = ''] = server.replace(/[[\]]/g, '').split(/:(?=\d+$)/);
    const set = address.includes(':') ? 'KUBE-6-NODE-PORT-TCP' : 'KUBE-NODE-PORT-TCP';
    const isNodePort = ownAddresses.includes(address) && present.includes(`ipset add ${set} ${port}\n`);
    return !present.includes(`-t ${server} `) && !isNodePort && !present.includes(`ip addr add ${address}/`);
  });
  const lines = made.flatMap(({ server, real }) => [
    `ipvsadm -A -t ${server} -s wlc`,
    ...(real === undefined ? [] : [`ipvsadm -a -t ${server} -r ${realOf(server)} ${real}`]),
  ]);
  parse(lines.map(line => `${line}\n`).join(''), node.kernel);
  return linesOf(node, made);
}

const ownAddresses = ['10.10.0.11', 'fd00:10:10::11'];
const realOf = (server: string): string =>
  server.startsWith('[') ? server.replace(/^.*\]/, '[fd00:9::7]') : server.replace(/^.*:/, '192.0.2.7:');
const linesOf = (node: FakeNode, servers: readonly { readonly server: string }[]): readonly string[] =>
  ipvsOf(node).filter(line => servers.some(({ server }) => line.includes(`-t ${server} `)));

test(
  'nothing of other software passes for that of kproxy, whatever moves between Services and families',
  () =>
    fc.assert(
      fc.asyncProperty(walk, walk, options, foreignServers, async (before, after, proxy, servers) => {
        const node = fakeNode();
        await walkOn(node, proxy, before, async () => {});
        const made = makeForeign(node, servers);
        const kept = servers.filter(({ server }) => made.some(line => line.includes(`-t ${server} `)));
        await walkOn(node, proxy, after, async () => {
          expect(linesOf(node, kept)).toEqual(made);
        });
      }),
      runs,
    ),
  milliseconds,
);
