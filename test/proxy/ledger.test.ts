import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.js';
import type { Element } from '../../src/node/element.js';
import { keyOf } from '../../src/node/kinds/index.js';
import type { Claim, Standing } from '../../src/proxy/claim.js';
import { endpointSources } from '../../src/proxy/endpoint.js';
import { Ledger } from '../../src/proxy/ledger.js';
import { claimService, type ServiceClaims } from '../../src/proxy/service-claims.js';
import { parityFacts, parityOptions } from '../support/parity-case.js';
import { randomCluster } from '../support/random-cluster.js';

const claimsIn = (cluster: Cluster): readonly ServiceClaims[] =>
  cluster.services.map(claimService(cluster, endpointSources(cluster), parityOptions, parityFacts));

/** What a Service asks for now; undefined where it goes. */
type Step = readonly [service: string, claims: ServiceClaims | undefined];

/** A first cluster, and then Service after Service of others: new ones, others in the place of those that are there, and some that go. */
const history: fc.Arbitrary<readonly [readonly ServiceClaims[], readonly Step[]]> = fc
  .tuple(randomCluster, fc.array(fc.tuple(randomCluster, fc.boolean()), { maxLength: 4 }))
  .map(([first, others]) => [
    claimsIn(first),
    others.flatMap(([cluster, isGoing]) =>
      claimsIn(cluster).map((claims): Step => [claims.service, isGoing ? undefined : claims]),
    ),
  ]);

const inOrder = (services: Iterable<ServiceClaims>): readonly ServiceClaims[] =>
  [...services].sort((one, other) => (one.order < other.order ? -1 : 1));

const sorted = (lines: Iterable<unknown>): readonly string[] => [...lines].map(line => JSON.stringify(line)).sort();

/** What is wanted, with everyone who wants it. */
function wantedIn(ledger: Ledger): ReadonlyMap<string, unknown> {
  const { elements, reasons } = ledger.claims();
  const copy = new Map<string, unknown>();
  elements.forEach((element, key) => {
    copy.set(key, { element, reasons: reasons.get(key) });
    expect(elements.get(key)).toBe(element);
    expect(elements.has(key)).toBe(true);
  });
  return copy;
}

/** All that a ledger says, without the order of its answers. */
const contents = (ledger: Ledger) => {
  const { conflicts, problems, closedToNode } = ledger.claims();
  return {
    wanted: sorted(wantedIn(ledger)),
    conflicts: sorted(conflicts),
    problems: sorted(problems),
    closedToNode: sorted(closedToNode),
    closed: sorted(ledger.closedToNode()),
    sizes: sorted(ledger.setSizes),
  };
};

const parameters = { seed: 20261126, numRuns: 200 };

describe('a ledger that is changed Service by Service', { timeout: 60_000 }, () => {
  test('says the same as one that is made anew', () => {
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

  test('names every element that has become another', () => {
    fc.assert(
      fc.property(history, ([first, steps]) => {
        const ledger = new Ledger(inOrder(first));
        for (const [service, claims] of steps) {
          const before = wantedIn(ledger);
          const touched = ledger.replace(service, claims);
          const after = wantedIn(ledger);
          for (const key of new Set([...before.keys(), ...after.keys()]))
            if (!touched.has(key)) expect(after.get(key)).toEqual(before.get(key));
        }
      }),
      parameters,
    );
  });

  test('counts the entries that are there', () => {
    fc.assert(
      fc.property(history, ([first, steps]) => {
        const ledger = new Ledger(inOrder(first));
        for (const [service, claims] of steps) ledger.replace(service, claims);
        const counted = new Map<string, number>();
        ledger.claims().elements.forEach(element => {
          if (element.kind === 'entry') counted.set(element.set, (counted.get(element.set) ?? 0) + 1);
        });
        expect(new Map(ledger.setSizes)).toEqual(counted);
      }),
      parameters,
    );
  });
});

const front = 'virtual-server TCP 10.96.0.1:80';
const server = { protocol: 'TCP', address: '10.96.0.1', port: 80 } as const;

/** A Service that asks for one virtual server with a scheduler, and for an address. */
function asking(name: string, created: number, scheduler: string): ServiceClaims {
  const servicePort = `default/${name}`;
  const order = `${created} ${servicePort}`;
  const standing = { service: servicePort, servicePort, order, front: undefined };
  const holding = { ...standing, front };
  const claim = (element: Element, why: string, stands: Standing): Claim => ({
    key: keyOf(element),
    element,
    seen: 0,
    why,
    standing: stands,
  });
  const claims = [
    claim({ kind: 'virtual-server', ...server, scheduler, flags: [], persistence: undefined }, 'of its port', holding),
    claim({ kind: 'address', link: 'kube-ipvs0', address: server.address, prefix: 32 }, 'of its VIP', standing),
  ];
  return { service: servicePort, order, claims, problems: [], closedToNode: [] };
}

const early = asking('early', 1, 'rr');
const late = asking('late', 2, 'wlc');
const schedulerIn = (ledger: Ledger) => {
  const element = ledger.get(front);
  return element?.kind === 'virtual-server' ? element.scheduler : undefined;
};

describe('two Services that want one virtual server', () => {
  const conflict = { servicePort: 'default/late', holder: 'default/early', front };

  test('the older one holds it, whichever came first', () => {
    for (const [one, other] of [
      [early, late],
      [late, early],
    ] as const) {
      const ledger = new Ledger([one]);
      expect(ledger.replace(other.service, other)).toContain(front);
      expect(schedulerIn(ledger)).toBe('rr');
      expect(ledger.claims().conflicts).toEqual([conflict]);
    }
  });

  test('the younger one gets it when the older one goes', () => {
    const ledger = new Ledger([early, late]);
    expect(ledger.replace(early.service, undefined)).toContain(front);
    expect(schedulerIn(ledger)).toBe('wlc');
    expect(ledger.claims().conflicts).toEqual([]);
    ledger.replace(late.service, undefined);
    expect(ledger.has(front)).toBe(false);
    expect(ledger.reasons.get(front)).toBe(undefined);
    expect([...wantedIn(ledger)]).toEqual([]);
  });

  test('the younger one gets it when the older one has been made anew since', () => {
    const ledger = new Ledger([early, late]);
    ledger.replace(early.service, asking('early', 3, 'rr'));
    expect(schedulerIn(ledger)).toBe('wlc');
    expect(ledger.claims().conflicts).toEqual([{ servicePort: 'default/early', holder: 'default/late', front }]);
  });

  test('what both ask for and nobody has to hold is there for both, with both reasons', () => {
    const ledger = new Ledger([early, late]);
    const key = keyOf({ kind: 'address', link: 'kube-ipvs0', address: server.address, prefix: 32 });
    expect(ledger.reasons.get(key)?.map(({ servicePort }) => servicePort)).toEqual(['default/early', 'default/late']);
    ledger.replace(early.service, undefined);
    expect(ledger.reasons.get(key)?.map(({ servicePort }) => servicePort)).toEqual(['default/late']);
  });
});

test('the VIPs that are closed to the node are those of the Services that are there and hold them', () => {
  const closing = (claims: ServiceClaims): ServiceClaims => ({
    ...claims,
    closedToNode: [{ family: 'IPv4', ...server, servicePort: claims.service }],
  });
  const closers = (ledger: Ledger) => {
    const names = ledger.closedToNode().map(({ servicePort }) => servicePort);
    expect(ledger.claims().closedToNode.map(({ servicePort }) => servicePort)).toEqual(names);
    return names;
  };
  const ledger = new Ledger([closing(late)]);
  expect(closers(ledger)).toEqual(['default/late']);
  ledger.replace(early.service, closing(early));
  expect(closers(ledger)).toEqual(['default/early']);
  ledger.replace(early.service, early);
  expect(closers(ledger)).toEqual([]);
  ledger.replace(early.service, undefined);
  expect(closers(ledger)).toEqual(['default/late']);
  ledger.replace(late.service, undefined);
  expect(closers(ledger)).toEqual([]);
});

test('a Service that goes without having been there changes nothing', () => {
  const ledger = new Ledger([early]);
  expect([...ledger.replace('default/none', undefined)]).toEqual([]);
  expect(schedulerIn(ledger)).toBe('rr');
});
