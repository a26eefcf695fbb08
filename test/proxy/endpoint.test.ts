import { describe, expect, test } from 'vitest';
import type { EndpointSlice } from '../../src/cluster/schema/endpoint-slice.js';
import type { Endpoints } from '../../src/cluster/schema/endpoints.js';
import { type EndpointQuery, endpointsFrom } from '../../src/proxy/endpoint.js';

const httpQuery: EndpointQuery = { portName: 'http', protocol: 'TCP', family: 'IPv4' };

const slice = (addresses: readonly string[], parts: object = {}): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'web-abcde', namespace: 'default' },
  addressType: 'IPv4',
  ports: [{ name: 'http', port: 80 }],
  endpoints: addresses.map(address => ({ addresses: [address] })),
  ...parts,
});

const found = (slices: readonly EndpointSlice[], query: Partial<EndpointQuery> = {}, endpoints?: Endpoints) =>
  endpointsFrom(
    { slices, endpoints },
    'inajob',
  )({ ...httpQuery, ...query }).map(({ text, local }) => (local ? `${text} here` : text));

describe('the endpoints of a Service port', () => {
  test('are sorted by their text across all slices', () => {
    const slices = [slice(['10.0.0.11', '10.0.0.1']), slice(['10.0.0.2']), slice(['10.0.0.10'])];
    expect(found(slices)).toEqual(['10.0.0.10:80', '10.0.0.11:80', '10.0.0.1:80', '10.0.0.2:80']);
  });

  test('have no duplicates, and the copy that is known to be on this node wins', () => {
    const here = slice([], { endpoints: [{ addresses: ['10.0.0.1'], nodeName: 'inajob' }] });
    const there = slice(['10.0.0.1', '10.0.0.1', '10.0.0.2']);
    expect(found([there, here])).toEqual(['10.0.0.1:80 here', '10.0.0.2:80']);
    expect(found([here, there])).toEqual(['10.0.0.1:80 here', '10.0.0.2:80']);
  });

  test('have one that is not terminating where a new Pod has the address of an old one, in one slice or in two', () => {
    const terminating = { ready: false, serving: true, terminating: true };
    const old = { addresses: ['10.0.0.1'], nodeName: 'inajob', conditions: terminating };
    const young = { addresses: ['10.0.0.1'], nodeName: 'yuanying' };
    const orders = [
      [slice([], { endpoints: [old, young] })],
      [slice([], { endpoints: [young, old] })],
      [slice([], { endpoints: [old] }), slice([], { endpoints: [young] })],
      [slice([], { endpoints: [young] }), slice([], { endpoints: [old] })],
    ];
    for (const slices of orders) expect(found(slices)).toEqual(['10.0.0.1:80']);
    const both = [slice([], { endpoints: [{ ...young, conditions: terminating }, old] })];
    expect(found(both)).toEqual(['10.0.0.1:80 here']);
  });

  test('are the same whatever the order of slices is that have one endpoint in different states', () => {
    const states = [
      { conditions: { ready: true } },
      { conditions: { ready: false, serving: true } },
      { conditions: { ready: false, serving: false } },
      { conditions: { ready: true }, hints: { forZones: [{ name: 'zone-a' }] } },
    ];
    const slices = states.map(state => slice([], { endpoints: [{ addresses: ['10.0.0.1'], ...state }] }));
    const endpoints = (some: readonly EndpointSlice[]) =>
      endpointsFrom({ slices: some, endpoints: undefined }, 'inajob')(httpQuery);
    const first = endpoints(slices);
    expect(first).toMatchObject([{ text: '10.0.0.1:80', ready: true }]);
    for (let turn = 1; turn < slices.length; turn += 1)
      expect(endpoints([...slices.slice(turn), ...slices.slice(0, turn)])).toEqual(first);
    expect(endpoints([...slices].reverse())).toEqual(first);
  });

  test('come from ports with its name and protocol, in slices of its family', () => {
    const ports = [
      { name: 'http', port: 80 },
      { name: 'http', port: 80, protocol: 'UDP' },
      { port: 81 },
      { name: 'http' },
    ];
    const slices = [
      slice(['10.0.0.1'], { ports: [...ports, { name: 'metrics', port: 90 }] }),
      slice(['fd00::1'], { addressType: 'IPv6' }),
    ];
    expect(found(slices)).toEqual(['10.0.0.1:80']);
    expect(found(slices, { protocol: 'UDP' })).toEqual(['10.0.0.1:80']);
    expect(found(slices, { portName: 'metrics' })).toEqual(['10.0.0.1:90']);
    expect(found(slices, { family: 'IPv6' })).toEqual(['fd00::1:80']);
    expect(found(slices, { portName: '' })).toEqual(['10.0.0.1:81']);
  });

  test('come from the Endpoints object only if the Service has no slice of IP addresses', () => {
    const endpoints: Endpoints = {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'web', namespace: 'default' },
      subsets: [
        {
          ports: [
            { name: 'http', port: 80 },
            { name: 'other', port: 90 },
          ],
          addresses: [{ ip: '10.0.0.3' }, { ip: 'fd00::3' }],
          notReadyAddresses: [{ ip: '10.0.0.2', nodeName: 'inajob' }],
        },
      ],
    };
    expect(found([], {}, endpoints)).toEqual(['10.0.0.2:80 here', '10.0.0.3:80']);
    expect(found([slice(['example.net'], { addressType: 'FQDN' })], {}, endpoints)).toEqual([
      '10.0.0.2:80 here',
      '10.0.0.3:80',
    ]);
    expect(found([slice([])], {}, endpoints)).toEqual([]);
  });
});
