import { describe, expect, test } from 'vitest';
import { createSyncHealth } from '../../src/health/sync-health.js';
import { families } from '../../src/net/address.js';
import { createClock } from './support/clock.js';
import { node, nodeBeingRemoved } from './support/node.js';

function start() {
  const time = createClock();
  return { time, health: createSyncHealth({ syncPeriodMilliseconds: 30_000, ...time }) };
}

describe('sync health', () => {
  test('is unhealthy and alive before the first sync', () => {
    const { health } = start();
    expect([health.isHealthy(), health.isProgramming(), health.isAlive()]).toEqual([false, false, true]);
    health.recordSync(families);
    expect([health.isHealthy(), health.isProgramming(), health.isAlive()]).toEqual([true, true, true]);
  });

  test('stays healthy without syncs while no change waits', () => {
    const { health, time } = start();
    health.recordSync(families);
    time.pass(3_600_000);
    expect(health.isHealthy()).toBe(true);
  });

  test('is unhealthy once a change has waited for twice the sync period, until the next sync', () => {
    const { health, time } = start();
    health.recordSync(families);
    health.recordQueued();
    time.pass(59_999);
    expect([health.isHealthy(), health.isAlive()]).toEqual([true, true]);
    time.pass(1);
    expect([health.isHealthy(), health.isAlive()]).toEqual([false, false]);
    health.recordSync(families);
    expect([health.isHealthy(), health.isAlive()]).toEqual([true, true]);
    expect(health.lastSyncTime()).toEqual(time.now());
  });

  test('counts the time from the oldest waiting change', () => {
    const { health, time } = start();
    health.recordSync(families);
    health.recordQueued();
    time.pass(40_000);
    health.recordQueued();
    time.pass(20_000);
    expect(health.isAlive()).toBe(false);
  });

  test('is not alive if the first sync never succeeds', () => {
    const { health, time } = start();
    health.recordQueued();
    time.pass(60_000);
    expect(health.isAlive()).toBe(false);
  });

  test('does not depend on the time of day', () => {
    const { health, time } = start();
    health.recordSync(families);
    health.recordQueued();
    time.jump(86_400_000);
    expect(health.isHealthy()).toBe(true);
    time.jump(-172_800_000);
    time.pass(60_000);
    expect(health.isHealthy()).toBe(false);
  });
});

describe('a node', () => {
  const withNode = (...nodes: Parameters<ReturnType<typeof createSyncHealth>['setNode']>[0][]) => {
    const { health } = start();
    health.recordSync(families);
    for (const object of nodes) health.setNode(object);
    return { eligible: health.isNodeEligible(), healthy: health.isHealthy(), alive: health.isAlive() };
  };
  const eligibleNode = { eligible: true, healthy: true, alive: true };
  const ineligibleNode = { eligible: false, healthy: false, alive: true };

  test('without a Node object is eligible', () => expect(withNode(undefined)).toEqual(eligibleNode));
  test('without taints is eligible', () => expect(withNode(node())).toEqual(eligibleNode));
  test('with another taint is eligible', () =>
    expect(withNode(node({}, { taints: [{ key: 'node.kubernetes.io/unschedulable' }] }))).toEqual(eligibleNode));
  test('that is being deleted is not eligible', () =>
    expect(withNode(node({ deletionTimestamp: '2026-11-26T08:00:00Z' }))).toEqual(ineligibleNode));
  test('with the autoscaler’s taint is not eligible', () =>
    expect(withNode(nodeBeingRemoved())).toEqual(ineligibleNode));
  test('whose Node object was deleted is not eligible', () =>
    expect(withNode(node(), undefined)).toEqual(ineligibleNode));
  test('whose taint is removed is eligible again', () =>
    expect(withNode(nodeBeingRemoved(), node())).toEqual(eligibleNode));
});
