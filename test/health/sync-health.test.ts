import { describe, expect, test } from 'vitest';
import { syncHealth } from '../../src/health/sync-health.js';
import { clock } from './support/clock.js';
import { goingNode, node } from './support/node.js';

function start() {
  const time = clock();
  return { time, health: syncHealth({ syncPeriodMilliseconds: 30_000, ...time }) };
}

describe('the health of syncing', () => {
  test('is not there before the first sync, while the process lives', () => {
    const { health } = start();
    expect([health.isHealthy(), health.isProgramming(), health.isAlive()]).toEqual([false, false, true]);
    health.synced();
    expect([health.isHealthy(), health.isProgramming(), health.isAlive()]).toEqual([true, true, true]);
  });

  test('does not depend on syncs while nothing waits', () => {
    const { health, time } = start();
    health.synced();
    time.pass(3_600_000);
    expect(health.isHealthy()).toBe(true);
  });

  test('ends when a change has waited for twice the sync period, and comes back with the sync', () => {
    const { health, time } = start();
    health.synced();
    health.queued();
    time.pass(59_999);
    expect([health.isHealthy(), health.isAlive()]).toEqual([true, true]);
    time.pass(1);
    expect([health.isHealthy(), health.isAlive()]).toEqual([false, false]);
    health.synced();
    expect([health.isHealthy(), health.isAlive()]).toEqual([true, true]);
    expect(health.lastSynced()).toEqual(time.now());
  });

  test('is counted from the oldest change that waits', () => {
    const { health, time } = start();
    health.synced();
    health.queued();
    time.pass(40_000);
    health.queued();
    time.pass(20_000);
    expect(health.isAlive()).toBe(false);
  });

  test('ends also where the first sync never comes', () => {
    const { health, time } = start();
    health.queued();
    time.pass(60_000);
    expect(health.isAlive()).toBe(false);
  });

  test('does not care for the time of day', () => {
    const { health, time } = start();
    health.synced();
    health.queued();
    time.jump(86_400_000);
    expect(health.isHealthy()).toBe(true);
    time.jump(-172_800_000);
    time.pass(60_000);
    expect(health.isHealthy()).toBe(false);
  });
});

describe('the node', () => {
  const withNode = (...nodes: Parameters<ReturnType<typeof syncHealth>['node']>[0][]) => {
    const { health } = start();
    health.synced();
    for (const each of nodes) health.node(each);
    return { eligible: health.isNodeEligible(), healthy: health.isHealthy(), alive: health.isAlive() };
  };
  const well = { eligible: true, healthy: true, alive: true };
  const goes = { eligible: false, healthy: false, alive: true };

  test('that nothing is known of counts as well', () => expect(withNode(undefined)).toEqual(well));
  test('without taints is well', () => expect(withNode(node())).toEqual(well));
  test('with another taint is well', () =>
    expect(withNode(node({}, { taints: [{ key: 'node.kubernetes.io/unschedulable' }] }))).toEqual(well));
  test('that is being deleted is not eligible', () =>
    expect(withNode(node({ deletionTimestamp: '2026-11-26T08:00:00Z' }))).toEqual(goes));
  test('that the autoscaler removes is not eligible', () => expect(withNode(goingNode())).toEqual(goes));
  test('that is gone is not eligible', () => expect(withNode(node(), undefined)).toEqual(goes));
  test('whose mark is taken off is well again', () => expect(withNode(goingNode(), node())).toEqual(well));
});
