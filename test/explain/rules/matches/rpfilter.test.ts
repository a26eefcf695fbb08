import { expect, test } from 'vitest';
import { indexDatapath } from '../../../../src/explain/datapath/datapath-index.js';
import type { Packet } from '../../../../src/explain/trace/packet.js';
import type { Route } from '../../../../src/node/datapath/datapath.js';
import { emptyDatapath } from '../../support/empty-datapath.js';
import { fits } from '../support/ask-rule.js';

const route = (destination: string, device: string, more: Partial<Route> = {}): Route => ({
  ...{ family: 'IPv4', table: 'main', type: 'unicast', metric: 0, hops: [{ device }] },
  destination,
  ...more,
});

const node = indexDatapath({
  ...emptyDatapath,
  routes: [
    route('0.0.0.0/0', 'eth0'),
    route('10.244.1.0/24', 'cni0'),
    route('10.96.0.1/32', 'kube-ipvs0', { table: 'local', type: 'local' }),
  ],
});

const seen = (line: string, packet: Partial<Packet>): string => fits(line, packet, node);

test.each([
  ['from the device that leads back', '-m rpfilter', { source: '10.244.1.9', inputDevice: 'cni0' }, 'yes'],
  ['from another device', '-m rpfilter', { source: '10.244.1.9', inputDevice: 'eth0' }, 'no'],
  ['from another device, loosely', '-m rpfilter --loose', { source: '10.244.1.9', inputDevice: 'eth0' }, 'yes'],
  ['from an address of this node', '-m rpfilter --loose', { source: '10.96.0.1', inputDevice: 'eth0' }, 'no'],
  ['from one that may be', '-m rpfilter --accept-local', { source: '10.96.0.1', inputDevice: 'eth0' }, 'yes'],
  ['through lo', '-m rpfilter', { source: '10.96.0.1', inputDevice: 'lo' }, 'yes'],
  ['as Calico asks', '-m rpfilter --validmark --invert', { source: '10.244.1.9', inputDevice: 'cni0' }, 'no'],
  ['as Calico drops', '-m rpfilter --validmark --invert', { source: '10.244.1.9', inputDevice: 'eth0' }, 'yes'],
  ['with a word that kproxy does not know', '-m rpfilter --odd', { source: '8.8.8.8', inputDevice: 'eth0' }, 'unknown'],
])('rpfilter and a packet %s', (_, words, packet, expected) => {
  expect(seen(words, packet)).toBe(expected);
});

test.each([
  ['of this node', '--uid-owner 1337', { inputDevice: undefined, outputDevice: 'eth0' }, 'unknown'],
  ['of another machine', '--uid-owner 1337', { inputDevice: 'eth0' }, 'no'],
  ['of another machine, after !', '! --uid-owner 1337', { inputDevice: 'eth0' }, 'yes'],
])('owner and a packet %s', (_, options, packet, expected) => {
  expect(seen(`-m owner ${options}`, packet)).toBe(expected);
});
