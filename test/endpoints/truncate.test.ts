import { describe, expect, test } from 'vitest';
import type { EndpointSubset } from '../../src/cluster/schema/endpoints.js';
import { truncateSubsets } from '../../src/endpoints/truncate.js';

const addresses = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ip: `10.0.${index >> 8}.${index & 255}` }));
const subset = (ready: number, notReady: number): EndpointSubset => ({
  addresses: addresses(ready),
  notReadyAddresses: addresses(notReady),
});
const counts = (subsets: readonly EndpointSubset[]) =>
  subsets.map(one => [one.addresses?.length ?? 0, one.notReadyAddresses?.length ?? 0]);

describe('more than 1,000 addresses are truncated to 1,000', () => {
  test.each([
    ['exactly 1,000 addresses are kept', [subset(600, 400)], [[600, 400]], false],
    ['ready addresses are kept before those that are not ready', [subset(990, 20)], [[990, 10]], true],
    [
      'each subset keeps its share of the addresses that are not ready',
      [subset(90, 101), subset(110, 200), subset(50, 200), subset(10, 201), subset(20, 298)],
      [
        [90, 73],
        [110, 144],
        [50, 144],
        [10, 145],
        [20, 214],
      ],
      true,
    ],
    [
      'with more than 1,000 ready addresses only ready ones are kept',
      [subset(205, 5), subset(400, 0), subset(402, 9), subset(400, 1), subset(693, 0)],
      [
        [98, 0],
        [191, 0],
        [192, 0],
        [191, 0],
        [328, 0],
      ],
      true,
    ],
    ['a subset that keeps no address is removed', [subset(1001, 0), subset(0, 7)], [[1000, 0]], true],
  ] as const)('%s', (_, given, expected, isTruncated) => {
    const result = truncateSubsets(given);
    expect(counts(result.subsets)).toEqual(expected);
    expect(result.isTruncated).toBe(isTruncated);
  });

  test('the first addresses are kept', () => {
    const [first] = truncateSubsets([subset(1002, 0)]).subsets;
    expect(first?.addresses).toEqual(addresses(1000));
  });
});
