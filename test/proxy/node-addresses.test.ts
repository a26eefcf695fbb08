import { describe, expect, test } from 'vitest';
import { checkObjects } from '../../src/cluster/check.js';
import { type Family, families } from '../../src/net/address.js';
import type { NodeFacts } from '../../src/node/facts.js';
import { nodeAddresses, nodePortAddresses } from '../../src/proxy/node-addresses.js';

const local = (address: string) => ({ link: 'eth0', address, prefix: 24, scope: 'global' });
const facts: NodeFacts = {
  localAddresses: ['10.10.0.11', '10.10.0.77', 'fd00:10:10::11', '203.0.113.5', '127.0.0.1', 'fe80::1'].map(local),
  kernelRelease: undefined,
  unserved: [],
  untried: [],
};

const options = { nodeName: 'node-a', bindAddress: undefined };

type Pair = readonly [type: string, address: string];

const clusterWith = (...addresses: readonly Pair[]) =>
  checkObjects([
    {
      source: 'test',
      value: {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: 'node-a' },
        status: { addresses: addresses.map(([type, address]) => ({ type, address })) },
      },
    },
  ]).cluster;

/** Returns where node ports are served with `--nodeport-addresses primary`. */
const primary = (...addresses: readonly Pair[]): readonly string[] =>
  families.flatMap((family: Family) => {
    const known = nodeAddresses(clusterWith(...addresses), facts, options, family);
    return nodePortAddresses({ nodePortAddresses: ['primary'] }, facts, family, known);
  });

describe('the primary addresses of a node', () => {
  test.each<readonly [string, readonly Pair[], readonly string[]]>([
    ['an InternalIP', [['InternalIP', '10.10.0.11']], ['10.10.0.11']],
    ['an ExternalIP alone', [['ExternalIP', '203.0.113.5']], ['203.0.113.5']],
    [
      'both, in any order',
      [
        ['ExternalIP', '203.0.113.5'],
        ['InternalIP', '10.10.0.11'],
      ],
      ['10.10.0.11'],
    ],
    [
      'two of a family',
      [
        ['InternalIP', '10.10.0.77'],
        ['InternalIP', '10.10.0.11'],
      ],
      ['10.10.0.77'],
    ],
    [
      'two families',
      [
        ['InternalIP', '10.10.0.11'],
        ['InternalIP', 'fd00:10:10::11'],
      ],
      ['10.10.0.11', 'fd00:10:10::11'],
    ],
    [
      'an InternalIP and an ExternalIP of the other family',
      [
        ['InternalIP', '10.10.0.11'],
        ['ExternalIP', 'fd00:10:10::11'],
      ],
      ['10.10.0.11', 'fd00:10:10::11'],
    ],
    ['an address that the node does not have', [['ExternalIP', '198.51.100.1']], []],
    ['an address with leading zeros', [['InternalIP', '010.010.000.011']], ['10.10.0.11']],
    ['host names alone', [['Hostname', 'node-a']], ['10.10.0.11', '10.10.0.77', '203.0.113.5', 'fd00:10:10::11']],
  ])('%s', (_, addresses, expected) => {
    expect(primary(...addresses)).toEqual(expected);
  });
});

describe('the primary addresses of a node with --bind-address', () => {
  const known = (bindAddress: string | undefined, ...addresses: readonly Pair[]) =>
    families.map(family =>
      nodeAddresses(clusterWith(...addresses), facts, { nodeName: 'node-a', bindAddress }, family),
    );

  test.each<readonly [string | undefined, readonly string[], readonly string[]]>([
    [undefined, ['10.10.0.11'], ['fd00:10:10::11']],
    ['10.10.0.77', ['10.10.0.77'], ['fd00:10:10::11']],
    ['fd00:10:10::99', ['10.10.0.11'], ['fd00:10:10::99']],
  ])('%s', (bindAddress, ipv4, ipv6) => {
    const addresses: readonly Pair[] = [
      ['InternalIP', '10.10.0.11'],
      ['InternalIP', 'fd00:10:10::11'],
    ];
    expect(known(bindAddress, ...addresses)).toEqual([ipv4, ipv6]);
  });

  test('a node that the cluster knows by no address has all of its own in the other family', () => {
    expect(known('fd00:10:10::99')).toEqual([['10.10.0.11', '10.10.0.77', '203.0.113.5'], ['fd00:10:10::99']]);
  });
});

describe('node port addresses', () => {
  const ipv4 = ['10.10.0.11', '10.10.0.77', '203.0.113.5'];
  const ipv6 = ['fd00:10:10::11'];

  test.each<readonly [readonly string[], readonly string[]]>([
    [[], [...ipv4, ...ipv6]],
    [['all'], [...ipv4, ...ipv6]],
    [
      ['primary', 'all'],
      [...ipv4, ...ipv6],
    ],
    [['0.0.0.0/0'], [...ipv4, ...ipv6]],
    [['primary'], ['10.10.0.11', 'fd00:10:10::11']],
    [
      ['primary', '203.0.113.0/24'],
      ['10.10.0.11', '203.0.113.5', 'fd00:10:10::11'],
    ],
    [
      ['primary', '10.10.0.0/16', '0.0.0.0/0'],
      [...ipv4, 'fd00:10:10::11'],
    ],
    // ipvs mode serves no node port on the loopback.
    [['localhost'], []],
    [
      ['localhost', 'primary'],
      ['10.10.0.11', 'fd00:10:10::11'],
    ],
    [['localhost', '10.10.0.77/32'], ['10.10.0.77']],
    [['10.10.0.77/32'], ['10.10.0.77', ...ipv6]],
    [['127.0.0.0/8'], [...ipv6]],
  ])('%j', (list, expected) => {
    const primary = { IPv4: ['10.10.0.11'], IPv6: ['fd00:10:10::11'] };
    const served = families.flatMap(family =>
      nodePortAddresses({ nodePortAddresses: list }, facts, family, primary[family]),
    );
    expect(served).toEqual(expected);
  });
});
