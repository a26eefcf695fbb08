import { describe, expect, test } from 'vitest';
import { RequestRate } from '../../src/health/request-rate.js';

function createRate() {
  const clock = { now: 0 };
  const rate = new RequestRate({ perSecond: 10, burst: 20 }, () => clock.now);
  const granted = (address: string, times: number) =>
    Array.from({ length: times }, () => rate.take(address)).filter(Boolean).length;
  return { clock, rate, granted };
}

describe('the rate of requests', () => {
  test('grants a burst, and then so many a second', () => {
    const { clock, granted } = createRate();
    expect(granted('10.0.0.1', 1_000)).toBe(20);
    clock.now += 500;
    expect(granted('10.0.0.1', 1_000)).toBe(5);
    clock.now += 60_000;
    expect(granted('10.0.0.1', 1_000)).toBe(20);
  });

  test('is of each client apart, and of all addresses of an IPv6 host together', () => {
    const { granted } = createRate();
    expect(granted('10.0.0.1', 30)).toBe(20);
    expect(granted('10.0.0.2', 1)).toBe(1);
    expect(granted('fd00::1', 30)).toBe(20);
    expect(granted('fd00::2', 1)).toBe(0);
  });

  test('does not punish a client that asks in vain', () => {
    const { clock, granted } = createRate();
    granted('10.0.0.1', 20);
    for (let step = 0; step < 10; step += 1) {
      clock.now += 10;
      granted('10.0.0.1', 100);
    }
    clock.now += 900;
    expect(granted('10.0.0.1', 100)).toBe(9);
  });

  test('forgets clients after seconds', () => {
    const { clock, rate } = createRate();
    for (let client = 0; client < 10_000; client += 1) {
      rate.take(`10.0.${client >> 8}.${client & 255}`);
      clock.now += 1;
    }
    expect(rate.size()).toBeLessThanOrEqual(101);
  });
});
