import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { EndpointSubset } from '../../src/cluster/schema/endpoints.js';
import { fnv128a } from '../../src/endpoints/fnv128a.js';
import { repackSubsets } from '../../src/endpoints/subsets.js';

interface Recording {
  readonly given: readonly EndpointSubset[];
  readonly stored: readonly EndpointSubset[];
}

/*
 * Recorded from Kubernetes v1.37.2 (RepackSubsets in k8s.io/kubernetes/pkg/api/v1/endpoints): subsets with one address
 * and one port each, and the repacked subsets in its order.
 */
const file = new URL('./canonical-order.json', import.meta.url);
const recordings = JSON.parse(readFileSync(file, 'utf8')) as readonly Recording[];

describe('subsets, addresses and ports are in the order of Kubernetes', () => {
  test('there are more than 20 recordings', () => expect(recordings.length).toBeGreaterThan(20));

  test.each(recordings.map((one, index) => [index, one] as const))('recording %i', (_, { given, stored }) => {
    expect(repackSubsets(given)).toEqual(stored);
    expect(repackSubsets([...given].reverse())).toEqual(stored);
  });

  test('addresses are sorted as text, not as numbers', () => {
    const ports = [{ port: 80, protocol: 'TCP' as const }];
    const given = ['10.0.0.2', '10.0.0.10', '10.0.0.1'].map(ip => ({ addresses: [{ ip }], ports }));
    const [subset] = repackSubsets(given);
    expect(subset?.addresses?.map(({ ip }) => ip)).toEqual(['10.0.0.1', '10.0.0.10', '10.0.0.2']);
  });
});

describe('FNV-1a with 128 bits', () => {
  test.each([
    ['', '6c62272e07bb014262b821756295c58d'],
    ['a', 'd228cb696f1a8caf78912b704e4a8964'],
    ['foobar', '343e1662793c64bf6f0d3597ba446f18'],
  ])('of %j', (text, hash) => expect(fnv128a(text)).toBe(hash));
});
