import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cluster } from '../../../src/cluster/cluster.js';
import type { CauseInput, FlowResult } from '../../../src/explain/cause/cause-input.js';
import { causeOf } from '../../../src/explain/cause/cause-of.js';
import { sameResult } from '../../../src/explain/cause/same-result.js';
import { datapathAfter } from '../../../src/explain/datapath/after/datapath-after.js';
import { indexDatapath } from '../../../src/explain/datapath/datapath-index.js';
import { desiredDatapath } from '../../../src/explain/datapath/desired/desired-datapath.js';
import type { Client } from '../../../src/explain/explanation.js';
import { summarize } from '../../../src/explain/trace/summarize.js';
import { traceFlow } from '../../../src/explain/walk/trace-flow.js';
import { familyOf } from '../../../src/net/address.js';
import type { Change } from '../../../src/node/change.js';
import type { Datapath } from '../../../src/node/datapath/datapath.js';
import type { Element, VirtualServer } from '../../../src/node/element.js';
import { keyOf } from '../../../src/node/kinds/index.js';
import { elementsOf } from '../../../src/node/state.js';
import { changeLine } from '../../../src/plan/change-line.js';
import { contentsOf } from '../../../src/plan/diff.js';
import type { Desired } from '../../../src/proxy/desired.js';
import type { ProxyOptions } from '../../../src/proxy/options.js';
import { reconcileFromNothing } from '../../../src/sync/reconcile-from-nothing.js';
import { parityFacts } from '../../support/parity-case.js';
import { randomCluster } from '../../support/random-cluster.js';
import { randomOptions } from '../../support/random-options.js';

interface Scene {
  readonly cluster: Cluster;
  readonly options: ProxyOptions;
  readonly desired: Desired;
  readonly healthy: Datapath;
}

const clientsOf = (server: VirtualServer): readonly Client[] =>
  familyOf(server.address) === 'IPv4'
    ? [
        { kind: 'pod', label: 'a Pod', address: '10.244.1.99' },
        { kind: 'backend', label: 'a backend', address: '10.244.1.1' },
        { kind: 'node', label: 'the node', address: undefined },
        { kind: 'outside', label: 'a machine outside', address: '203.0.113.9' },
      ]
    : [{ kind: 'outside', label: 'a machine outside', address: '2001:db8:ffff::9' }];

function sceneOf(cluster: Cluster, options: ProxyOptions): Scene {
  const { desired } = reconcileFromNothing(cluster, options, parityFacts);
  const { datapath } = desiredDatapath(desired.state, { cluster, facts: parityFacts, options });
  return { cluster, options, desired, healthy: { ...datapath, sockets: [] } };
}

function inputOf(scene: Scene, datapath: Datapath, changes: readonly Change[], server: VirtualServer, client: Client) {
  const { cluster, options, desired } = scene;
  const { address, port, protocol } = server;
  const family = familyOf(address);
  const explainOn = (on: Datapath): FlowResult => {
    const question = { family, protocol, client, destination: { address, port }, isEstablished: false };
    const trace = traceFlow(indexDatapath(on), question);
    return { trace, ...summarize(trace) };
  };
  const [reason] = desired.reasons.of(keyOf(server));
  const input: CauseInput = {
    target: { address, port, servicePort: reason?.servicePort, kind: 'cluster IP' },
    ...{ family, protocol, datapath, explainOn, desired, cluster, options, changes },
    now: explainOn(datapath),
    style: { sudo: false, iptables: 'default' },
  };
  return input;
}

/** What removing takes along is added again too. The kernel does not remove sets that rules name. */
function damageOf(element: Element, { desired, healthy }: Scene) {
  const inside = new Set(contentsOf(new Set([keyOf(element)]), desired.state.values()));
  const lost = [element, ...Array.from(desired.state.values()).filter(one => inside.has(keyOf(one)))];
  const remove: Change =
    element.kind === 'sysctl'
      ? { verb: 'change', before: element, after: { ...element, value: element.value === '1' ? '0' : '1' } }
      : { verb: 'remove', before: element };
  const datapath = datapathAfter(healthy, [remove]);
  const changes: readonly Change[] =
    remove.verb === 'change'
      ? [{ verb: 'change', before: remove.after, after: element }]
      : lost.map(after => ({ verb: 'add', after }));
  return { datapath, changes };
}

const damagedKinds = ['sysctl', 'link', 'address', 'entry', 'chain', 'jumps', 'virtual-server', 'real-server'] as const;

/** Returns how many flows the damage changes, after checking the cause of each flow. */
function checkDamage(scene: Scene, element: Element, server: VirtualServer): number {
  const { datapath, changes } = damageOf(element, scene);
  const change = changeLine(changes[0] as Change);
  return clientsOf(server).filter(client => {
    const input = inputOf(scene, datapath, changes, server, client);
    const then = input.explainOn(scene.healthy);
    const cause = causeOf(input);
    if (sameResult(input.now, then)) {
      expect(cause === undefined).toBe(input.now.verdict === 'answered');
      return false;
    }
    if (then.verdict === 'answered') {
      expect(cause?.blame).toEqual({ part: 'change', change });
      expect(cause?.commands).not.toEqual([]);
    } else expect(cause).toBeDefined();
    return true;
  }).length;
}

test('whatever single element is missing, it is the cause for every flow that it changes', () => {
  let changed = 0;
  fc.assert(
    fc.property(randomCluster, randomOptions, fc.nat(), (cluster, options, choice) => {
      const scene = sceneOf(cluster, options);
      const { state } = scene.desired;
      for (const kind of damagedKinds) {
        const all = elementsOf(state, kind);
        const element = all[choice % all.length];
        const servers = elementsOf(state, 'virtual-server');
        const server = servers[choice % servers.length];
        if (element !== undefined && server !== undefined) changed += checkDamage(scene, element, server);
      }
    }),
    { seed: 20261130, numRuns: 60 },
  );
  expect(changed).toBeGreaterThan(80);
});

test('on a whole node, a flow has a cause if and only if it is not answered', () => {
  fc.assert(
    fc.property(randomCluster, randomOptions, (cluster, options) => {
      const scene = sceneOf(cluster, options);
      for (const server of elementsOf(scene.desired.state, 'virtual-server'))
        for (const client of clientsOf(server)) {
          const input = inputOf(scene, scene.healthy, [], server, client);
          const cause = causeOf(input);
          expect(cause === undefined).toBe(input.now.verdict === 'answered');
          expect(cause?.summary ?? '.').toMatch(/\.$/);
        }
    }),
    { seed: 20261130, numRuns: 40 },
  );
});
