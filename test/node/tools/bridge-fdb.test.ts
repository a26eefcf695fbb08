import { expect, test } from 'vitest';
import { parseBridgePorts } from '../../../src/node/tools/bridge-fdb.js';

const forwarding = JSON.stringify([
  { mac: '33:33:00:00:00:01', ifname: 'eth0', flags: ['self'], state: 'permanent' },
  { mac: 'aa:89:84:93:c5:f9', ifname: 'web-inajob', flags: [], master: 'cni0', state: '' },
  { mac: '52:1f:b4:4f:39:26', ifname: 'web-inajob', flags: [], master: 'cni0', state: 'permanent' },
  { mac: '3e:35:6d:35:59:32', ifname: 'client-inajob', flags: [], master: 'cni0', state: '' },
]);

test('finds the port of each neighbor whose hardware address a bridge has learned', () => {
  const neighbors = JSON.stringify([
    { dst: '10.244.1.3', dev: 'cni0', lladdr: 'aa:89:84:93:c5:f9', state: ['STALE'] },
    { dst: 'fe80::9', dev: 'cni0', lladdr: '3e:35:6d:35:59:32', state: ['STALE'] },
    { dst: '10.244.1.7', dev: 'cni0', lladdr: '52:1f:b4:4f:39:26', state: ['STALE'] },
    { dst: '10.244.1.8', dev: 'cni0', state: ['FAILED'] },
  ]);
  expect(parseBridgePorts(forwarding, neighbors)).toEqual({ '10.244.1.3': 'web-inajob', 'fe80::9': 'client-inajob' });
});

test('refuses what is not the output of the tools', () => {
  expect(() => parseBridgePorts('', '[]')).toThrow(SyntaxError);
  expect(() => parseBridgePorts('[]', '{}')).toThrow();
});
