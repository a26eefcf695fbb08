import { describe, expect, test } from 'vitest';
import type { Node } from '../../src/cluster/schema/node.js';
import type { Family } from '../../src/net/address.js';
import { elementsOf } from '../../src/node/state.js';
import { withNodeNetworks } from '../../src/proxy/local-detection.js';
import type { LocalDetection, ProxyOptions } from '../../src/proxy/options.js';
import { clusterFrom, parityOptions } from '../support/parity-case.js';
import { listText, serviceObject } from '../support/sample-objects.js';
import { reconcileFromNothing } from '../support/situation.js';

const dualStack = clusterFrom(
  listText(
    serviceObject('web', '10.96.0.1', { clusterIPs: ['10.96.0.1', 'fd00:96::1'], ipFamilies: ['IPv4', 'IPv6'] }),
  ),
);

const comment = 'Kubernetes service cluster ip + port for masquerade purpose';

interface MarkRule {
  readonly rule: string;
  readonly why: string;
}

/** Returns the rule that marks packets to a cluster IP, without its comment and jump, and its reason. */
function markRule(options: Partial<ProxyOptions>, family: Family): MarkRule {
  const { desired } = reconcileFromNothing(dualStack, { ...parityOptions, ...options });
  const chain = elementsOf(desired.state, 'chain').find(one => one.name === 'KUBE-SERVICES' && one.family === family);
  const index = chain?.rules.findIndex(rule => rule.includes('KUBE-MARK-MASQ')) ?? -1;
  const rule = chain?.rules[index]?.filter(word => word !== comment).join(' ') ?? '';
  const reasons = desired.reasons.ofRules(`chain ${family} nat KUBE-SERVICES`);
  return { rule, why: reasons[index]?.why ?? '' };
}

const tail = (set: string, directions: string) =>
  `-m comment --comment -m set --match-set ${set} ${directions} -j KUBE-MARK-MASQ`;
const ipv4Tail = tail('KUBE-CLUSTER-IP', 'dst,dst');
const ipv6Tail = tail('KUBE-6-CLUSTER-IP', 'dst,dst');
const ipv4ToItself = tail('KUBE-CLUSTER-IP', 'src,dst');
const ipv6ToItself = tail('KUBE-6-CLUSTER-IP', 'src,dst');

const nodeNetworks: LocalDetection = {
  by: 'NodeCIDR',
  networks: { IPv4: '10.244.1.0/24', IPv6: 'fd00:244:1::/64' },
};

describe.each(['full', 'tutorial'] as const)('in the profile %s, packets to a cluster IP are marked', profile => {
  test.each<[string, Partial<ProxyOptions>, string, string]>([
    ["from outside the Pods' networks", {}, `! -s 10.244.0.0/16 ${ipv4Tail}`, `! -s fd00:244::/32 ${ipv6Tail}`],
    [
      'from outside the networks of the node',
      { localDetection: nodeNetworks },
      `! -s 10.244.1.0/24 ${ipv4Tail}`,
      `! -s fd00:244:1::/64 ${ipv6Tail}`,
    ],
    [
      'from VIPs only in the family in which the node has no network',
      { localDetection: { by: 'NodeCIDR', networks: { IPv6: 'fd00:244:1::/64' } } },
      ipv4ToItself,
      `! -s fd00:244:1::/64 ${ipv6Tail}`,
    ],
    [
      'that do not come over the bridge',
      { localDetection: { by: 'BridgeInterface', name: 'cni0' } },
      `! -i cni0 ${ipv4Tail}`,
      `! -i cni0 ${ipv6Tail}`,
    ],
    [
      'that do not come through a device with the prefix',
      { localDetection: { by: 'InterfaceNamePrefix', prefix: 'veth' } },
      `! -i veth+ ${ipv4Tail}`,
      `! -i veth+ ${ipv6Tail}`,
    ],
    ["from VIPs only without the Pods' networks", { clusterCidrs: {} }, ipv4ToItself, ipv6ToItself],
    [
      'from everywhere with --masquerade-all, whatever is local',
      { masqueradeAll: true, localDetection: { by: 'BridgeInterface', name: 'cni0' } },
      ipv4Tail,
      ipv6Tail,
    ],
  ])('%s', (_, options, ipv4, ipv6) => {
    const rules = (['IPv4', 'IPv6'] as const).map(family => markRule({ ...options, profile }, family).rule);
    expect(rules).toEqual([ipv4, ipv6]);
  });
});

test.each<[LocalDetection, number]>([
  [{ by: 'ClusterCIDR' }, 0],
  [nodeNetworks, 1],
  [{ by: 'BridgeInterface', name: 'cni0' }, 1],
])('with %j, the tutorial profile accepts all established connections in %i rules', (localDetection, count) => {
  const options: ProxyOptions = { ...parityOptions, profile: 'tutorial', localDetection };
  const { desired } = reconcileFromNothing(dualStack, options);
  for (const chain of elementsOf(desired.state, 'chain').filter(({ name }) => name === 'KUBE-FORWARD'))
    expect(chain.rules.filter(rule => rule.includes('kubernetes forwarding conntrack rule'))).toHaveLength(count);
});

test.each<[LocalDetection, string]>([
  [
    { by: 'ClusterCIDR' },
    "Sources outside the Pods' network 10.244.0.0/16 are answered through this node. Pods keep their address.",
  ],
  [
    nodeNetworks,
    "Sources outside this node's Pod network 10.244.1.0/24 are answered through this node. " +
      'Pods of this node keep their address.',
  ],
  [
    { by: 'BridgeInterface', name: 'cni0' },
    "Packets that do not arrive on the bridge cni0, such as those of this node's own processes, are answered " +
      'through this node. Pods of this node keep their address.',
  ],
  [
    { by: 'InterfaceNamePrefix', prefix: 'veth' },
    "Packets that do not arrive on a device whose name begins with veth, such as those of this node's own " +
      'processes, are answered through this node. Pods of this node keep their address.',
  ],
])('the rule of %j says which packets it is about', (localDetection, why) => {
  expect(markRule({ localDetection }, 'IPv4').why).toBe(why);
});

describe('the networks of the node', () => {
  const nodeWith = (name: string, spec: object): Node => {
    const [node] = clusterFrom(listText({ apiVersion: 'v1', kind: 'Node', metadata: { name }, spec })).nodes;
    if (node === undefined) throw new Error('no Node');
    return node;
  };
  const detectionOf = (localDetection: LocalDetection, ...nodes: readonly Node[]): LocalDetection =>
    withNodeNetworks({ nodeName: 'node-a', localDetection }, nodes).localDetection;

  test('are the first podCIDRs of each family of its own Node, masked', () => {
    const other = nodeWith('node-b', { podCIDRs: ['10.244.9.0/24'] });
    const own = nodeWith('node-a', {
      podCIDR: '10.244.1.0/24',
      podCIDRs: ['10.244.1.7/24', '10.244.8.0/24', 'FD00:244:1::/64'],
    });
    expect(detectionOf({ by: 'NodeCIDR' }, other, own)).toEqual(nodeNetworks);
  });

  test('are its one podCIDR if it has no list of them', () => {
    const own = nodeWith('node-a', { podCIDR: '10.244.1.0/24' });
    expect(detectionOf({ by: 'NodeCIDR' }, own)).toEqual({ by: 'NodeCIDR', networks: { IPv4: '10.244.1.0/24' } });
  });

  test('stay as they are if the Node has none or does not exist', () => {
    const bare = nodeWith('node-a', { podCIDR: '', podCIDRs: [] });
    expect(detectionOf(nodeNetworks, bare)).toEqual(nodeNetworks);
    expect(detectionOf(nodeNetworks)).toEqual(nodeNetworks);
    expect(detectionOf({ by: 'NodeCIDR' }, bare)).toEqual({ by: 'NodeCIDR' });
  });

  test('are not looked at in the other ways of detecting local traffic', () => {
    const own = nodeWith('node-a', { podCIDRs: ['10.244.1.0/24'] });
    expect(detectionOf({ by: 'ClusterCIDR' }, own)).toEqual({ by: 'ClusterCIDR' });
  });
});
