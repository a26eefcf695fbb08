import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.js';
import type { Element } from '../../src/node/element.js';
import { keyOf } from '../../src/node/kinds/index.js';
import type { Claim, Claimant } from '../../src/proxy/claim.js';
import { holdersIn } from '../../src/proxy/cluster-ip-holders.js';
import { endpointSources } from '../../src/proxy/endpoint.js';
import { Ledger } from '../../src/proxy/ledger.js';
import { createClaimService, type ServiceClaims } from '../../src/proxy/service-claims.js';
import { parityFacts, parityOptions } from '../support/parity-case.js';
import { randomCluster } from '../support/random-cluster.js';

const claimsIn = (cluster: Cluster): readonly ServiceClaims[] =>
  cluster.services.map(
    createClaimService(cluster, endpointSources(cluster), parityOptions, parityFacts, holdersIn(cluster)),
  );

/** The new claims of a Service. Undefined removes the Service. */
type Step = readonly [service: string, claims: ServiceClaims | undefined];

/** A first cluster, and then one Service after another: some are added, some replaced, some removed. */
const history: fc.Arbitrary<readonly [readonly ServiceClaims[], readonly Step[]]> = fc
  .tuple(randomCluster, fc.array(fc.tuple(randomCluster, fc.boolean()), { maxLength: 4 }))
  .map(([first, others]) => [
    claimsIn(first),
    others.flatMap(([cluster, isRemoval]) =>
      claimsIn(cluster).map((claims): Step => [claims.service, isRemoval ? undefined : claims]),
    ),
  ]);

const inOrder = (services: Iterable<ServiceClaims>): readonly ServiceClaims[] =>
  [...services].sort((one, other) => (one.order < other.order ? -1 : 1));

const sorted = (lines: Iterable<unknown>): readonly string[] => [...lines].map(line => JSON.stringify(line)).sort();

/** Returns what is claimed, with the reasons of all claimants. Checks that the ways to look it up agree. */
function claimedIn(ledger: Ledger): ReadonlyMap<string, unknown> {
  const claimed = new Map<string, unknown>();
  ledger.forEach((element, key) => {
    claimed.set(key, { element, reasons: ledger.reasonsOf(key) });
    expect(ledger.get(key)).toBe(element);
    expect(ledger.has(key)).toBe(true);
    expect(ledger.find(key)).toMatchObject({ key, element });
  });
  return claimed;
}

/** Returns everything that a ledger knows, in an order of its own. */
const contents = (ledger: Ledger) => ({
  claimed: sorted(claimedIn(ledger)),
  conflicts: sorted(ledger.conflicts()),
  problems: sorted(ledger.problems()),
  closedToNode: sorted(ledger.closedToNode()),
  setSizes: sorted(ledger.setSizes),
});

const parameters = { seed: 20261126, numRuns: 200 };

describe('a ledger that is changed Service by Service', { timeout: 60_000 }, () => {
  test('has the same contents as one that is built from all Services', () => {
    fc.assert(
      fc.property(history, ([first, steps]) => {
        const services = new Map(first.map(claims => [claims.service, claims]));
        const ledger = new Ledger(inOrder(first));
        for (const [service, claims] of steps) {
          ledger.replace(service, claims);
          if (claims === undefined) services.delete(service);
          else services.set(service, claims);
        }
        expect(contents(ledger)).toEqual(contents(new Ledger(inOrder(services.values()))));
      }),
      parameters,
    );
  });

  test('reports every element that has changed', () => {
    fc.assert(
      fc.property(history, ([first, steps]) => {
        const ledger = new Ledger(inOrder(first));
        for (const [service, claims] of steps) {
          const before = claimedIn(ledger);
          const touched = ledger.replace(service, claims);
          const after = claimedIn(ledger);
          for (const key of new Set([...before.keys(), ...after.keys()]))
            if (!touched.has(key)) expect(after.get(key)).toEqual(before.get(key));
        }
      }),
      parameters,
    );
  });

  test('counts the entries of each set', () => {
    fc.assert(
      fc.property(history, ([first, steps]) => {
        const ledger = new Ledger(inOrder(first));
        for (const [service, claims] of steps) ledger.replace(service, claims);
        const counted = new Map<string, number>();
        ledger.forEach(element => {
          if (element.kind === 'entry') counted.set(element.set, (counted.get(element.set) ?? 0) + 1);
        });
        expect(new Map(ledger.setSizes)).toEqual(counted);
      }),
      parameters,
    );
  });
});

const virtualServer = 'virtual-server TCP 10.96.0.1:80';
const server = { protocol: 'TCP', address: '10.96.0.1', port: 80 } as const;
const vip = { kind: 'address', link: 'kube-ipvs0', address: server.address, prefix: 32 } as const;

/** Returns the claims of a Service for one virtual server with a scheduler, and for an address. */
function claimsOf(name: string, created: number, scheduler: string): ServiceClaims {
  const servicePort = `default/${name}`;
  const order = `${created} ${servicePort}`;
  const independent: Claimant = {
    service: servicePort,
    servicePort,
    order,
    title: undefined,
    virtualServer: undefined,
  };
  const claim = (element: Element, why: string, claimant: Claimant): Claim => ({
    key: keyOf(element),
    element,
    why,
    claimant,
  });
  const claims = [
    claim({ kind: 'virtual-server', ...server, scheduler, flags: [], persistence: undefined }, 'It serves the port.', {
      ...independent,
      title: 'cluster IP',
      virtualServer,
    }),
    claim(vip, 'It is the VIP.', independent),
  ];
  return {
    service: servicePort,
    order,
    claims,
    problems: [],
    warnings: [],
    closedToNode: [],
    refused: [],
    leftOut: [],
    isIncomplete: false,
  };
}

const older = claimsOf('older', 1, 'rr');
const younger = claimsOf('younger', 2, 'wlc');
const schedulerIn = (ledger: Ledger) => {
  const element = ledger.get(virtualServer);
  return element?.kind === 'virtual-server' ? element.scheduler : undefined;
};

describe('two Services that claim one virtual server', () => {
  const titles = { title: 'cluster IP', ownerTitle: 'cluster IP' };
  const conflict = { servicePort: 'default/younger', owner: 'default/older', ...titles, virtualServer };

  test('the older one owns it, in whichever order they were added', () => {
    for (const [one, other] of [
      [older, younger],
      [younger, older],
    ] as const) {
      const ledger = new Ledger([one]);
      expect(ledger.replace(other.service, other)).toContain(virtualServer);
      expect(schedulerIn(ledger)).toBe('rr');
      expect(ledger.conflicts()).toEqual([conflict]);
    }
  });

  test('the younger one gets it when the older one is removed', () => {
    const ledger = new Ledger([older, younger]);
    expect(ledger.replace(older.service, undefined)).toContain(virtualServer);
    expect(schedulerIn(ledger)).toBe('wlc');
    expect(ledger.conflicts()).toEqual([]);
    ledger.replace(younger.service, undefined);
    expect(ledger.has(virtualServer)).toBe(false);
    expect(ledger.find(virtualServer)).toBe(undefined);
    expect(ledger.reasonsOf(virtualServer)).toEqual([]);
    expect([...claimedIn(ledger)]).toEqual([]);
  });

  test('the younger one gets it when the older one is deleted and created again', () => {
    const ledger = new Ledger([older, younger]);
    ledger.replace(older.service, claimsOf('older', 3, 'rr'));
    expect(schedulerIn(ledger)).toBe('wlc');
    expect(ledger.conflicts()).toEqual([
      { servicePort: 'default/older', owner: 'default/younger', ...titles, virtualServer },
    ]);
  });

  test('only its owner is a reason for it', () => {
    const ledger = new Ledger([older, younger]);
    expect(ledger.reasonsOf(virtualServer)).toEqual([{ servicePort: 'default/older', why: 'It serves the port.' }]);
  });

  test('an element that needs no owner belongs to both, with both reasons', () => {
    const ledger = new Ledger([older, younger]);
    const claimants = () => ledger.reasonsOf(keyOf(vip)).map(({ servicePort }) => servicePort);
    expect(claimants()).toEqual(['default/older', 'default/younger']);
    ledger.replace(older.service, undefined);
    expect(claimants()).toEqual(['default/younger']);
  });
});

test('a VIP is closed to the node only if a Service that owns it closes it', () => {
  const closing = (claims: ServiceClaims): ServiceClaims => ({
    ...claims,
    closedToNode: [{ family: 'IPv4', ...server, servicePort: claims.service }],
  });
  const closersIn = (ledger: Ledger) => ledger.closedToNode().map(({ servicePort }) => servicePort);
  const ledger = new Ledger([closing(younger)]);
  expect(closersIn(ledger)).toEqual(['default/younger']);
  ledger.replace(older.service, closing(older));
  expect(closersIn(ledger)).toEqual(['default/older']);
  ledger.replace(older.service, older);
  expect(closersIn(ledger)).toEqual([]);
  ledger.replace(older.service, undefined);
  expect(closersIn(ledger)).toEqual(['default/younger']);
  ledger.replace(younger.service, undefined);
  expect(closersIn(ledger)).toEqual([]);
});

test('removing a Service that has no claims changes nothing', () => {
  const ledger = new Ledger([older]);
  expect([...ledger.replace('default/none', undefined)]).toEqual([]);
  expect(schedulerIn(ledger)).toBe('rr');
});

/** Returns the claims of a Service with many virtual servers, and a function that counts the looks at them. */
function watchedClaims(name: string, created: number, servers: number) {
  const [first] = claimsOf(name, created, 'rr').claims as [Claim];
  let looks = 0;
  const claims = Array.from({ length: servers }, (_, port): Claim => {
    const element = { ...first.element, port } as Element;
    const key = keyOf(element);
    const claimant = { ...first.claimant, virtualServer: key };
    return {
      key,
      element,
      why: '',
      get claimant() {
        looks += 1;
        return claimant;
      },
    };
  });
  return { claims: { ...claimsOf(name, created, 'rr'), claims }, looks: () => looks };
}

test.each([false, true])(
  'a Service with many virtual servers costs few looks at each (all contested: %s)',
  contested => {
    const large = watchedClaims('large', 1, 1_000);
    const ledger = new Ledger([large.claims]);
    if (contested) ledger.replace('default/rival', watchedClaims('rival', 2, 1_000).claims);
    ledger.replace('default/large', large.claims);
    ledger.replace('default/large', undefined);
    expect(large.looks()).toBeLessThan(50 * 1_000);
  },
);
