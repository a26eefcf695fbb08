import { describe, expect, test } from 'vitest';
import { indexDatapath } from '../../../src/explain/datapath/datapath-index.js';
import { parseRule } from '../../../src/explain/rules/parse-rule.js';
import { describeRule } from '../../../src/explain/rules/words/describe-rule.js';
import { type ClientName, causeInput, clients } from '../support/damaged-node.js';
import { emptyDatapath } from '../support/empty-datapath.js';
import { packetsAsked } from './support/packets-asked.js';
import { programmedNode } from './support/programmed-node.js';
import { nodeNames, recordedNode } from './support/recorded-node.js';
import { unknownParts } from './support/unknown-parts.js';

const noDevice = 'kproxy does not know the device of the packet';
const someUser = 'which user sends the packet is not known';

/** What explain does not understand of a node's rules, because the node does not show what decides. */
const notUnderstood: Readonly<Record<string, readonly string[]>> = {
  cilium: ['target TPROXY'],
  firewalld: ['the hardware address of the client is not known'],
  gke: [someUser],
  hardened: [
    'kproxy does not know what CT --zone 9 does',
    ...['cgroup', 'geoip', 'policy', 'realm', 'string', 'u32'].map(name => `match ${name}`),
    someUser,
  ],
  istio: [someUser],
  weave: ['match policy'],
};

describe.each(nodeNames)('on a node with %s', name => {
  const recorded = recordedNode(name);

  test('explain understands the rules of other software', () => {
    const found = unknownParts(indexDatapath({ ...emptyDatapath, ...recorded }), packetsAsked);
    expect(found.filter(why => why !== noDevice)).toEqual(notUnderstood[name] ?? []);
  });

  test('explain has words for them', () => {
    const silent = (recorded.tables ?? []).flatMap(({ chains }) => {
      const isChain = (wanted: string) => chains.some(chain => chain.name === wanted);
      const rules = chains.flatMap(chain => chain.rules);
      return rules
        .filter(({ argv }) => describeRule(parseRule(argv), { isChain }).join().includes('kproxy does not know'))
        .map(({ argv }) => argv.join(' '));
    });
    const isExpected = /TPROXY|-m (?:cgroup|geoip|policy|realm|string|u32|time) | --zone /;
    expect(silent.filter(text => !isExpected.test(text))).toEqual([]);
  });

  test('explain understands the routing rules', () => {
    expect((recorded.routingRules ?? []).flatMap(({ unknown = [] }) => unknown)).toEqual(
      name === 'policy-routing' ? ['suppress_ifgroup default', 'l3mdev'] : [],
    );
  });
});

/** What Istio's rules redirect to is in the Pod whose rules they are. No node has them. */
const nodesWithServices = nodeNames.filter(name => name !== 'istio');

/** The node's addresses as sources, if they are not that of the bridge for backends here, and of eth0 for others. */
const sources: Readonly<Record<string, { readonly here: string; readonly elsewhere: string }>> = {
  antrea: { here: '10.244.1.1', elsewhere: '10.244.1.1' },
  'aws-vpc-cni': { here: '192.168.33.11', elsewhere: '192.168.33.11' },
  calico: { here: '192.168.33.11', elsewhere: '10.244.1.0' },
  cilium: { here: '192.168.33.11', elsewhere: '10.244.1.170' },
  flannel: { here: '10.244.1.1', elsewhere: '10.244.1.0' },
  'kube-router': { here: '10.244.1.1', elsewhere: '10.244.1.0' },
  weave: { here: '10.244.1.1', elsewhere: '10.244.1.0' },
};

describe.each(nodesWithServices)('on a node with %s and kproxy', name => {
  const { here, elsewhere } = sources[name] ?? { here: '10.244.1.1', elsewhere: '192.168.33.11' };
  const seen = {
    inajob: [here, elsewhere],
    // The CNI's plugin bridge masquerades what a Pod with ipMasq sends to other networks.
    'client-inajob': ['10.244.1.9', name === 'portmap' ? '192.168.33.11' : '10.244.1.9'],
    'web-inajob': [here, '10.244.1.3'],
    outside: [here, elsewhere],
  } satisfies Record<ClientName, readonly string[]>;

  test.each(['kproxy first', 'others first'] as const)('every client is answered by both backends: %s', async order => {
    const node = await programmedNode(recordedNode(name), order);
    for (const client of Object.keys(clients) as ClientName[]) {
      const { now } = await causeInput(node, client);
      const reached = now.backends.filter(({ source }) => source !== undefined);
      const sourcesSeen = reached
        .toSorted((one, other) => one.address.localeCompare(other.address))
        .map(({ source }) => source);
      // A rule about a hardware address may refuse a client of the link.
      const verdict = name === 'firewalld' && client === 'outside' ? 'unknown' : 'answered';
      expect([client, now.verdict, sourcesSeen]).toEqual([client, verdict, seen[client]]);
    }
  });
});
