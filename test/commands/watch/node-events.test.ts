import { describe, expect, test } from 'vitest';
import { ClusterStore } from '../../../src/cluster/store.js';
import { createNodeEvents, recordServiceTrouble } from '../../../src/commands/watch/node-events.js';
import { allObservers } from '../../../src/commands/watch/observers.js';
import { KproxyError } from '../../../src/errors.js';
import type { Notice } from '../../../src/events/event.js';
import type { LoopReport } from '../../../src/sync/loop.js';
import type { Synced } from '../../../src/sync/programmer.js';

function start() {
  const notices: Notice[] = [];
  const recorder = { record: (notice: Notice) => void notices.push(notice), close: () => {} };
  const observer = allObservers([createNodeEvents(recorder, 'worker-1')]);
  const store = new ClusterStore();
  const failure = new KproxyError({
    code: 'tool-failed',
    message: 'cannot read the node',
    evidence: 'ipset: no',
    advice: 'Load ip_set.',
  });
  return {
    notices,
    recorder,
    begin: () => observer.onObjects(store),
    fail: () => observer.onFailed(failure, 500),
    succeed: (...refused: readonly string[]) =>
      observer.onSynced({ result: { plan: [], desired: { refused } } } as unknown as LoopReport<Synced>, store),
    reasons: () => notices.map(({ reason }) => reason),
  };
}

const regarding = { kind: 'Node', name: 'worker-1' } as const;

describe('Events of a node', () => {
  test('begin with one that kproxy starts', () => {
    const { begin, notices } = start();
    begin();
    begin();
    expect(notices).toEqual([
      { regarding, type: 'Normal', reason: 'Starting', action: 'StartKproxy', note: 'kproxy starts' },
    ]);
  });

  test('report a sync that fails for the third time in a row and each further time, and its recovery', () => {
    const { fail, succeed, notices } = start();
    fail();
    fail();
    expect(notices).toEqual([]);
    fail();
    fail();
    succeed();
    succeed();
    const failed = {
      regarding,
      type: 'Warning',
      reason: 'SyncFailed',
      action: 'Sync',
      note: 'cannot read the node\nipset: no\nLoad ip_set.',
    };
    const recovered = {
      regarding,
      type: 'Normal',
      reason: 'SyncRecovered',
      action: 'Sync',
      note: 'the node is in sync again',
    };
    expect(notices).toEqual([failed, failed, recovered]);
  });

  test('do not report failures between which a sync succeeds', () => {
    const { fail, succeed, notices } = start();
    for (const step of [fail, fail, succeed, fail, fail, succeed]) step();
    expect(notices).toEqual([]);
  });

  test('report an element that the node refuses once, and again if it is refused again later', () => {
    const { succeed, notices, reasons } = start();
    succeed('web:http: address 10.96.0.1 is refused by this node and left out');
    succeed('web:http: address 10.96.0.1 is refused by this node and left out');
    expect(notices).toEqual([
      {
        regarding,
        type: 'Warning',
        reason: 'ElementRefused',
        action: 'Sync',
        note: 'web:http: address 10.96.0.1 is refused by this node and left out',
      },
    ]);
    succeed();
    succeed('web:http: address 10.96.0.1 is refused by this node and left out', 'another');
    expect(reasons()).toHaveLength(3);
  });

  test('about a health check node port are about its Service', () => {
    const { recorder, notices } = start();
    recordServiceTrouble(recorder, 'worker-1')(
      { namespace: 'shop', name: 'web', localEndpoints: 1 },
      'the health check of shop/web cannot be served on port 30001',
    );
    expect(notices).toEqual([
      {
        regarding: { kind: 'Service', namespace: 'shop', name: 'web' },
        type: 'Warning',
        reason: 'FailedToStartServiceHealthcheck',
        action: 'Listen',
        note: 'node worker-1: the health check of shop/web cannot be served on port 30001',
      },
    ]);
  });
});
