import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkObjects } from '../../src/cluster/check.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import { namespacedName } from '../../src/cluster/names.js';
import { type EndpointSlice, serviceOfSlice } from '../../src/cluster/schema/endpoint-slice.js';
import type { Service } from '../../src/cluster/schema/service.js';
import { serviceKinds } from '../../src/node/element.js';
import type { ProxyOptions } from '../../src/proxy/options.js';
import { ledgerOf } from '../../src/proxy/service-claims.js';
import { parityFacts } from '../support/parity-case.js';
import { randomCluster } from '../support/random-cluster.js';
import { randomOptions } from '../support/random-options.js';
import { desiredState, parameters } from '../support/situation.js';
import { readState, syncedNode, syncOnce } from '../support/synced-node.js';

/** Gives each Service cluster IPs of its own, as the API server does. */
const withOwnClusterIps = (cluster: Cluster): Cluster => ({
  ...cluster,
  services: cluster.services.map((service, index) => {
    const own = (address: string) => (address === 'None' ? address : address.replace(/\d+$/, String(100 + index)));
    const { clusterIP, clusterIPs } = service.spec;
    return { ...service, spec: { ...service.spec, clusterIP: own(clusterIP ?? ''), clusterIPs: clusterIPs?.map(own) } };
  }),
});

/** What makes a Service unusable and leaves its addresses and ports readable. */
const damageOfService: readonly ((service: Service) => object)[] = [
  service => ({ ...service, spec: { ...service.spec, internalTrafficPolicy: 'Nearby' } }),
  service => ({
    ...service,
    spec: { ...service.spec, ports: service.spec.ports?.map(port => ({ ...port, targetPort: -1 })) },
  }),
  service => ({ ...service, metadata: { ...service.metadata, labels: { a: 1 } } }),
  service => ({ ...service, kind: 'Servise' }),
];
const damageOfSlice: readonly ((slice: EndpointSlice) => object)[] = [
  slice => ({ ...slice, addressType: 'IPv5' }),
  slice => ({ ...slice, ports: 'http' }),
  slice => ({ ...slice, apiVersion: 'discovery.k8s.io/v1beta1' }),
];

interface Situation {
  readonly earlier: Cluster;
  /** The valid objects that are left. */
  readonly valid: Cluster;
  readonly bad: object;
  /** The Service whose elements may stay. */
  readonly service: string | undefined;
}

/** A cluster of which one object has become invalid, and other objects are gone. */
const situation: fc.Arbitrary<Situation> = fc
  .tuple(
    randomCluster.map(withOwnClusterIps),
    fc.nat(),
    fc.constantFrom(...damageOfService),
    fc.constantFrom(...damageOfSlice),
    fc.boolean(),
    fc.nat(3),
  )
  .map(([earlier, at, breakService, breakSlice, prefersSlice, gone]) => {
    const slice = prefersSlice ? earlier.endpointSlices[at % Math.max(1, earlier.endpointSlices.length)] : undefined;
    const service = earlier.services[at % earlier.services.length] as Service;
    const others = {
      services: earlier.services.filter((one, index) => one !== (slice ?? service) && index !== gone),
      endpointSlices: earlier.endpointSlices.filter((one, index) => one !== slice && index !== gone),
    };
    return {
      earlier,
      valid: { ...earlier, ...others },
      bad: slice === undefined ? breakService(service) : breakSlice(slice),
      service: slice === undefined ? namespacedName(service.metadata) : serviceOfSlice(slice),
    };
  });

/** Returns the elements of single Services on a node after it was synced with one cluster, then with another. */
async function elementsAfter(earlier: Cluster, later: Cluster, options: ProxyOptions): Promise<ReadonlySet<string>> {
  const node = await syncedNode(earlier, options);
  await syncOnce(node, later, options);
  const state = await readState(node);
  return new Set([...state].flatMap(([key, { kind }]) => (serviceKinds.includes(kind) ? [key] : [])));
}

test('of one invalid object only what its own Service had stays, beside what the valid objects ask for', async () => {
  await fc.assert(
    fc.asyncProperty(situation, randomOptions, async ({ earlier, valid, bad, service }, options) => {
      const { invalid } = checkObjects([{ source: 'test', value: bad }]).cluster;
      expect(invalid).toMatchObject([{ isUsed: false }]);
      const wanted = desiredState(valid, options);
      const ledger = ledgerOf(earlier, options, parityFacts);
      const isOfService = (key: string) =>
        ledger.reasonsOf(key).some(({ servicePort }) => servicePort?.split(':')[0] === service);
      const present = await elementsAfter(earlier, { ...valid, invalid }, options);
      for (const key of present) if (!wanted.has(key)) expect([key, isOfService(key)]).toEqual([key, true]);
      for (const [key, { kind }] of wanted) if (serviceKinds.includes(kind)) expect(present).toContain(key);
    }),
    parameters,
  );
}, 60_000);

test('a Service that alone is invalid loses nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomCluster.map(withOwnClusterIps),
      fc.nat(),
      fc.constantFrom(...damageOfService),
      randomOptions,
      async (earlier, at, breakService, options) => {
        const service = earlier.services[at % earlier.services.length] as Service;
        const { invalid } = checkObjects([{ source: 'test', value: breakService(service) }]).cluster;
        const services = earlier.services.filter(one => one !== service);
        // What two Services claim goes to the valid one.
        fc.pre(ledgerOf(earlier, options, parityFacts).conflicts().length === 0);
        const before = await elementsAfter(earlier, earlier, options);
        const after = await elementsAfter(earlier, { ...earlier, services, invalid }, options);
        expect([...before].filter(key => !after.has(key))).toEqual([]);
      },
    ),
    parameters,
  );
}, 60_000);
