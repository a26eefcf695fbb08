import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Service } from '../../src/cluster/schema/service.js';
import { actualState } from '../../src/node/actual-state.js';
import type { Element } from '../../src/node/element.js';
import { readNode } from '../../src/node/read.js';
import { askedAddresses, heldClusterIps } from '../../src/proxy/service-port.js';
import { Programmer } from '../../src/sync/programmer.js';
import { type FakeNode, fakeNode } from '../support/fake-node/index.js';
import { parityOptions } from '../support/parity-case.js';
import type { NodeSetting, ProgrammedNode } from './support/programmed-node.js';
import { programmedNode, sliceObject } from './support/programmed-node.js';

const setting: NodeSetting = { proxy: parityOptions };
const address = '10.96.0.50';
/** Nobody's cluster IP. */
const free = '10.96.0.51';

interface ServiceGiven {
  readonly spec?: object;
  readonly labels?: object;
}

/** The Service `bank/web`, which is younger than `evil`. */
const bank = ({ spec = {}, labels = {} }: ServiceGiven = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'bank', labels, creationTimestamp: '2026-02-01T00:00:00Z' },
  spec: { clusterIP: address, ports: [{ port: 443 }], ...spec },
});
const bankSlice = {
  ...sliceObject('web', ['10.244.1.3']),
  metadata: { name: 'web-1', namespace: 'bank', labels: { 'kubernetes.io/service-name': 'web' } },
};
const ports = [
  { name: 'https', port: 443 },
  { name: 'http', port: 80 },
];
/** The Service `default/evil`, which asks for an address. */
const evil = (asked: object = { externalIPs: [address] }, ingress: readonly object[] = []) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'evil', namespace: 'default', creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: { clusterIP: '10.96.0.66', ports, ...asked },
  status: { loadBalancer: { ingress } },
});
const evilSlice = {
  ...sliceObject('evil', ['10.244.6.6']),
  ports: ports.map(({ name }) => ({ name, protocol: 'TCP', port: 8080 })),
};
const evilObjects = [evil(), evilSlice];

/** Returns the endpoints behind a port of an address, or undefined without a virtual server. */
function behind(node: ProgrammedNode, port: number, at = address): readonly string[] | undefined {
  const lines = node.ipvs().filter(line => line.includes(` ${at}:${port} `));
  if (!lines.some(line => line.startsWith('-A'))) return undefined;
  return lines.flatMap(line => / -r (\S+):\d+/.exec(line)?.[1] ?? []);
}

/** Returns what is said of the Service that asks. */
const said = (desired: { readonly warnings: ReadonlyMap<string, readonly string[]> }) =>
  desired.warnings.get('default/evil') ?? [];

const line = (port: string, title = 'external IP', holder = 'bank/web') =>
  `default/evil:${port === '443' ? 'https' : 'http'}: TCP ${address}:${port} belongs to ${holder}, as its cluster ` +
  `IP, which goes before the ${title} of another Service, and stays with it`;
const lines = [line('443'), line('80')];

const port70000 = {
  ports: [
    { name: 'https', port: 443 },
    { name: 'bad', port: 70000 },
  ],
};

describe('a cluster IP stays with its Service', () => {
  /** The bank as it is later, in what another process reads. */
  const later: readonly (readonly [string, object])[] = [
    ['is valid', bank()],
    ['has an invalid port', bank({ spec: port70000 })],
    ['has an unknown type', bank({ spec: { type: 'ClusterIp' } })],
    ['has an unknown protocol', bank({ spec: { ports: [{ port: 443, protocol: 'QUIC' }] } })],
    ['has cluster IPs of the wrong family', bank({ spec: { clusterIPs: [address], ipFamilies: ['IPv6'] } })],
  ];
  const cases: readonly (readonly [string, object, string])[] = [
    ['an external IP', evil(), 'external IP'],
    ['a load balancer address', evil({ type: 'LoadBalancer' }, [{ ip: address }]), 'load balancer address'],
  ];
  test.each(
    later.flatMap(([what, changed]) => cases.map(([how, asking, title]) => ({ what, changed, how, asking, title }))),
  )('that $what, from another with $how', async ({ changed, asking, title }) => {
    const { node } = await programmedNode([bank(), bankSlice], setting);
    const now = await programmedNode([changed, bankSlice, asking, evilSlice], {
      ...setting,
      kernel: node.kernel,
      areOfFiles: true,
    });
    const { desired, plan } = await now.programmer.syncAll();
    expect(plan).toEqual([]);
    expect(said(desired)).toEqual([line('443', title), line('80', title)]);
    expect(behind(now, 443)).toEqual(['10.244.1.3']);
    expect(behind(now, 80)).toBeUndefined();
    expect(behind(now, 443, '10.96.0.66')).toEqual(['10.244.6.6']);
  });

  test.each([
    ['another proxy serves', { 'service.kubernetes.io/service-proxy-name': 'other' }],
    ['is marked as headless', { 'service.kubernetes.io/headless': '' }],
  ])('that %s, although the node has nothing of it', async (_, labels) => {
    const node = await programmedNode([bank(), bankSlice, ...evilObjects], setting);
    const { desired } = await node.put(bank({ labels }));
    expect(said(desired)).toEqual(lines);
    expect([behind(node, 443), behind(node, 80)]).toEqual([undefined, undefined]);
  });

  test('that asks for too much', async () => {
    const proxy = { ...parityOptions, maxServiceElements: 30 };
    const many = Array.from({ length: 9 }, (_, index) => ({ name: `p${index}`, port: 1_000 + index }));
    const large = bank({ spec: { ports: [...many, { name: 'https', port: 443 }] } });
    const node = await programmedNode([large, bankSlice, ...evilObjects], { proxy });
    const { desired } = await node.programmer.syncAll();
    expect(desired.serviceProblems.get('bank/web')?.join()).toContain('asks for more than 30 elements');
    expect(said(desired)).toEqual(lines);
    expect([behind(node, 443), behind(node, 80)]).toEqual([undefined, undefined]);
  });

  test('that is invalid from the beginning, and gets back what another one had', async () => {
    const { node } = await programmedNode(evilObjects, setting);
    const invalid = await programmedNode([bank({ spec: port70000 }), bankSlice, ...evilObjects], {
      ...setting,
      kernel: node.kernel,
      areOfFiles: true,
    });
    expect([behind(invalid, 443), behind(invalid, 80)]).toEqual([undefined, undefined]);
  });
});

describe('a load balancer address and port stays with its Service', () => {
  const balancer = (spec: object) => ({
    ...bank({ spec: { clusterIP: '10.96.0.9', type: 'LoadBalancer', ...spec } }),
    status: { loadBalancer: { ingress: [{ ip: address }] } },
  });
  const balanced =
    `default/evil:https: TCP ${address}:443 belongs to bank/web, as its load balancer address, which goes before the ` +
    'external IP of another Service, and stays with it';

  test.each([
    ['that has an invalid port', port70000],
    ['that has an unknown type', { type: 'LoadBalancr' }],
  ])('%s, from an external IP', async (_, spec) => {
    const { node } = await programmedNode([balancer({}), bankSlice], setting);
    const invalid = [balancer(spec), bankSlice, ...evilObjects];
    const now = await programmedNode(invalid, { ...setting, kernel: node.kernel, areOfFiles: true });
    const { desired } = await now.programmer.syncAll();
    expect(said(desired)).toEqual([balanced]);
    // Another port of the address is nobody else's.
    expect([behind(now, 443), behind(now, 80)]).toEqual([['10.244.1.3'], ['10.244.6.6']]);
  });

  test.each([
    ['of a type that has none', { type: 'ClusterIP', ...port70000 }],
    ['without the port', { ports: [{ port: 444 }, { name: 'bad', port: 70000 }] }],
  ])('but not with an invalid one %s', async (_, spec) => {
    const invalid = [balancer(spec), bankSlice, ...evilObjects];
    const node = await programmedNode(invalid, { ...setting, areOfFiles: true });
    const { desired } = await node.programmer.syncAll();
    expect(said(desired)).toEqual([]);
    expect([behind(node, 443), behind(node, 80)]).toEqual([['10.244.6.6'], ['10.244.6.6']]);
  });
});

describe('if only one namespace is read, what the node serves for others stays theirs', () => {
  const scope = { ...setting, namespace: 'default' };

  test('also in a watch', async () => {
    const { node } = await programmedNode([bank(), bankSlice], setting);
    const now = await programmedNode(evilObjects, { ...scope, kernel: node.kernel });
    const { desired } = await now.programmer.syncAll();
    const unread = (port: string) => line(port, 'external IP', 'a Service that was not read');
    expect(said(desired)).toEqual([unread('443'), unread('80')]);
    await now.put(evil({ externalIPs: [free, address] }));
    await now.look();
    expect([behind(now, 443), behind(now, 80)]).toEqual([['10.244.1.3'], undefined]);
    expect(behind(now, 443, free)).toEqual(['10.244.6.6']);
  });

  test('and what the node serves for a Service that is read does not count as theirs', async () => {
    const own = { ...bank(), metadata: { name: 'web', namespace: 'default' } };
    const node = await programmedNode([own, ...evilObjects], scope);
    const { desired } = await node.programmer.syncAll();
    expect(said(desired)).toEqual([
      line('443', 'external IP', 'default/web'),
      line('80', 'external IP', 'default/web'),
    ]);
    const removed = await node.remove(own);
    expect(said(removed.desired)[0]).toContain('a Service that was not read');
    expect(behind(node, 80)).toBeUndefined();
    expect((await node.programmer.syncAll()).plan).toEqual([]);
  });
});

describe('what nobody holds is served', () => {
  test.each([
    ['an external IP', evil({ externalIPs: [free] }), free],
    ['a load balancer address', evil({ type: 'LoadBalancer' }, [{ ip: free }]), free],
    ['its own cluster IP as its external IP', evil({ externalIPs: ['10.96.0.66'] }), '10.96.0.66'],
  ])('%s', async (_, asking, at) => {
    const node = await programmedNode([bank(), bankSlice, asking, evilSlice], setting);
    const { desired } = await node.programmer.syncAll();
    expect(said(desired)).toEqual([]);
    expect([behind(node, 443, at), behind(node, 80, at)]).toEqual([['10.244.6.6'], ['10.244.6.6']]);
  });

  test('the address of an ExternalName Service, which has no cluster IP any longer', async () => {
    const spec = { type: 'ExternalName', externalName: 'bank.example.com' };
    const valid = await programmedNode([bank({ spec }), ...evilObjects], setting);
    expect(behind(valid, 443)).toEqual(['10.244.6.6']);
    const invalid = [bank({ spec: { ...spec, ...port70000 } }), ...evilObjects];
    expect(behind(await programmedNode(invalid, { ...setting, areOfFiles: true }), 443)).toEqual(['10.244.6.6']);
  });

  test('the external IP that an invalid Service asks for too', async () => {
    const other = bank({ spec: { ...port70000, clusterIP: '10.96.0.9', externalIPs: [address] } });
    const node = await programmedNode([other, ...evilObjects], { ...setting, areOfFiles: true });
    expect([behind(node, 443), behind(node, 80)]).toEqual([['10.244.6.6'], ['10.244.6.6']]);
  });

  test('the cluster IP of a valid Service, whatever an invalid one says', async () => {
    const thief = { ...evil({ clusterIP: address, ...port70000 }), metadata: { name: 'thief', namespace: 'default' } };
    const own = bank({ spec: { externalIPs: [address] } });
    const node = await programmedNode([own, bankSlice, thief, ...evilObjects], { ...setting, areOfFiles: true });
    const { desired } = await node.programmer.syncAll();
    expect(desired.warnings.get('bank/web')).toBeUndefined();
    expect(said(desired)).toEqual(lines);
    expect(behind(node, 443)).toEqual(['10.244.1.3']);
  });
});

test('an address gets and loses its holder in a watch, and changes hands at once', async () => {
  const node = await programmedNode(evilObjects, setting);
  const seen = async (work: Promise<unknown>) => {
    await work;
    expect((await node.programmer.syncAll()).plan).toEqual([]);
    return [behind(node, 443)?.[0], behind(node, 80)?.[0]];
  };
  const others = ['10.244.6.6', '10.244.6.6'];
  expect(await seen(node.look())).toEqual(others);
  expect(await seen(node.put(bank(), bankSlice))).toEqual(['10.244.1.3', undefined]);
  expect(await seen(node.put(bank({ spec: port70000 })))).toEqual(['10.244.1.3', undefined]);
  expect(await seen(node.put(bank({ spec: { clusterIP: free } })))).toEqual(others);
  expect(await seen(node.put(bank({ labels: { 'service.kubernetes.io/service-proxy-name': 'x' } })))).toEqual([
    undefined,
    undefined,
  ]);
  expect(await seen(node.remove(bank()))).toEqual(others);
  // An invalid Service is no change of what is served: the next sync sees it.
  expect(await seen(node.put(bank({ spec: port70000 })))).toEqual([undefined, undefined]);
  expect(await seen(node.remove(bank()).then(() => node.look()))).toEqual(others);
  expect(await seen(node.put(evil({ externalIPs: [free] })))).toEqual([undefined, undefined]);
});

const addresses = ['10.96.0.1', '10.96.0.2', '10.96.0.3'];
/** Three Services with few addresses, which are invalid, of another proxy or without a cluster IP at times. */
const givenService = fc
  .record({
    name: fc.constantFrom('a', 'b', 'c'),
    clusterIP: fc.constantFrom(...addresses),
    ports: fc.subarray([...ports, { name: 'bad', port: 70000 }], { minLength: 1 }),
    type: fc.constantFrom('ClusterIP', 'LoadBalancer', 'LoadBalancer', 'ExternalName'),
    externalIPs: fc.subarray(addresses),
    ingress: fc.subarray(addresses.map(ip => ({ ip }))),
    isOther: fc.constantFrom(false, false, false, true),
  })
  .map(({ name, ingress, isOther, ...spec }) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: 'default',
      labels: isOther ? { 'service.kubernetes.io/service-proxy-name': 'x' } : {},
    },
    spec,
    status: { loadBalancer: { ingress } },
  }));
const steps = fc.array(fc.record({ service: givenService, isRemoved: fc.constantFrom(false, false, true) }), {
  minLength: 2,
  maxLength: 8,
});

test('partial and full syncs leave the same to the holders, and nothing of theirs to others', () =>
  fc.assert(
    fc.asyncProperty(steps, fc.constantFrom(undefined, 'default'), async (history, namespace) => {
      const scope = { ...setting, allowEmpty: true, namespace };
      const [byChange, atOnce] = [await programmedNode([], scope), fakeNode()];
      const { store } = byChange;
      for (const { service, isRemoved } of history) {
        await (isRemoved ? byChange.remove(service) : byChange.put(service));
        // It remembers nothing of the steps before.
        await new Programmer({ store, node: atOnce, proxy: parityOptions, namespace, allowEmpty: true }).syncAll();
        const partial = await stateOf(byChange.node);
        expect(partial).toEqual(await stateOf(atOnce));
        const services = [...store.objects('Service').values()];
        // What may be another namespace's stays.
        if (namespace !== undefined) continue;
        for (const asked of partial.flatMap(([, element]) => askedIn(element))) {
          const holders = services.filter(one => heldClusterIps(one).includes(asked));
          expect(holders.length === 0 || holders.some(isAsking(asked))).toBe(true);
        }
      }
    }),
    { seed: 20261201, numRuns: 60 },
  ));

/** Returns the address of an entry of an external IP or a load balancer address. */
const askedIn = (element: Element): readonly string[] =>
  element.kind === 'entry' && /^KUBE-(EXTERNAL-IP|LOAD-BALANCER)/.test(element.set)
    ? [element.value.split(',')[0] ?? '']
    : [];
const isAsking = (address: string) => (service: Service) => askedAddresses(service).includes(address);

const stateOf = async (node: FakeNode) => [...actualState((await readNode(node)).findings).state].sort();
