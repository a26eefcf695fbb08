import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.js';
import type { Change } from '../../src/node/change.js';
import { keyOf } from '../../src/node/kinds/index.js';
import type { NodeState } from '../../src/node/state.js';
import type { Desired } from '../../src/proxy/desired.js';
import type { Profile, ProxyOptions } from '../../src/proxy/options.js';
import { stepsScript } from '../../src/script/steps-script.js';
import { reconcileFromNothing } from '../../src/sync/reconcile-from-nothing.js';
import { parityCases, parityFacts, parityOptions } from '../support/parity-case.js';
import { randomCluster } from '../support/random-cluster.js';

const profiles: readonly Profile[] = ['tutorial', 'full'];

/** Returns every reason of a desired state: those of its elements, and those of the rules in its chains. */
const reasonsIn = ({ state, reasons }: Desired): readonly string[] =>
  [...state.values()].flatMap(element => {
    const key = keyOf(element);
    return [...reasons.of(key), ...reasons.ofRules(key)].map(({ why }) => why);
  });

/** Returns the titles and reasons of the script: all that people read in it. */
const commentsOf = (plan: readonly Change[], { reasons }: Desired): readonly string[] =>
  stepsScript(plan, {
    nodeName: 'node-a',
    sudo: false,
    startsFrom: 'nothing',
    iptables: 'default',
    reasons,
    servicePortsOf: () => [],
    tutorial: undefined,
  })
    .split('\n')
    .filter(line => line.startsWith('# '));

const namesIn = (state: NodeState): ReadonlySet<string> =>
  new Set([...state.values()].flatMap(element => ('name' in element ? [element.name] : [])));
const targetsIn = (state: NodeState): ReadonlySet<string> =>
  new Set([...state.values()].flatMap(element => ('rules' in element ? element.rules.flat() : [])));

/** What must be in a state whose reasons have these words. */
const words: readonly (readonly [RegExp, (state: NodeState, options: ProxyOptions) => boolean])[] = [
  [/reject/i, state => targetsIn(state).has('REJECT')],
  [/source range|loadBalancerSourceRanges/i, state => namesIn(state).has('KUBE-SOURCE-RANGES-FIREWALL')],
  [/node port/i, state => [...namesIn(state)].some(name => /NODE-PORT/.test(name))],
  [/load balancer/i, state => [...namesIn(state)].some(name => /LOAD-BALANCER|HEALTH-CHECK/.test(name))],
  [/health/i, state => [...namesIn(state)].some(name => name.endsWith('HEALTH-CHECK-NODE-PORT'))],
  [/balanced to itself/, state => [...namesIn(state)].some(name => name.endsWith('LOOP-BACK'))],
  [/--masquerade-all/, (_, { masqueradeAll }) => masqueradeAll],
  [/--ipvs-strict-arp/, (_, { strictArp }) => strictArp],
];

/** Returns what a text names and the state does not have. */
function missing(text: string, state: NodeState, options: ProxyOptions): readonly string[] {
  const names = [...text.matchAll(/KUBE-[A-Z0-9-]+/g)].map(([name]) => name).filter(name => !namesIn(state).has(name));
  const flags = [...text.matchAll(/(?<![\w-])--[a-z-]+/g)].map(([flag]) => flag);
  const unknown = flags.filter(flag => !words.some(([pattern]) => pattern.test(flag)));
  const others = words.filter(([pattern, isThere]) => pattern.test(text) && !isThere(state, options));
  return [...names, ...unknown, ...others.map(([pattern]) => String(pattern))];
}

function expectNoneMissing(cluster: Cluster, options: ProxyOptions): void {
  const { desired, plan } = reconcileFromNothing(cluster, options, parityFacts);
  const texts = new Set([...reasonsIn(desired), ...commentsOf(plan, desired)]);
  expect(texts.size).toBeGreaterThan(3);
  expect([...texts].filter(text => missing(text, desired.state, options).length > 0)).toEqual([]);
}

describe.each(profiles)('no reason of the profile %s names what this profile does not have', profile => {
  test.each(parityCases.map(one => [one.name, one] as const))('%s', (_, { cluster, options }) => {
    expectNoneMissing(cluster, { ...options, profile });
    expectNoneMissing(cluster, { ...options, profile, clusterCidrs: {}, masqueradeAll: false });
  });

  test('any cluster', () => {
    fc.assert(
      fc.property(randomCluster, fc.boolean(), fc.boolean(), (cluster, masqueradeAll, strictArp) =>
        expectNoneMissing(cluster, { ...parityOptions, profile, masqueradeAll, strictArp }),
      ),
      { seed: 20261130, numRuns: 50 },
    );
  });
});

test('the test finds what is missing', () => {
  const { desired } = reconcileFromNothing(
    parityCases[0]?.cluster as Cluster,
    { ...parityOptions, profile: 'tutorial' },
    parityFacts,
  );
  const text = 'Without it KUBE-IPVS-FILTER would reject the packet, see --ipvs-strict-arp and --nosuch.';
  expect(missing(text, desired.state, parityOptions)).toEqual([
    'KUBE-IPVS-FILTER',
    '--nosuch',
    '/reject/i',
    '/--ipvs-strict-arp/',
  ]);
});
