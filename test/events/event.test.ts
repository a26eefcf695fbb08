import { describe, expect, test } from 'vitest';
import { eventObject, type Notice, repeatedEvent } from '../../src/events/event.js';

const time = new Date('2026-11-30T17:00:00.250Z');
const failed: Notice = {
  regarding: { kind: 'Node', name: 'worker-1' },
  type: 'Warning',
  reason: 'SyncFailed',
  action: 'Sync',
  note: 'cannot read the node\nipset: no',
};

test('an Event about a Node is in the namespace default, and describes it by its name', () => {
  expect(eventObject(failed, 'worker-1', time, 3)).toEqual({
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: `worker-1.${(1_796_058_000_250_000_003n).toString(16)}`, namespace: 'default' },
    eventTime: '2026-11-30T17:00:00.250000Z',
    reportingController: 'kproxy',
    reportingInstance: 'kproxy-worker-1',
    action: 'Sync',
    reason: 'SyncFailed',
    regarding: { apiVersion: 'v1', kind: 'Node', name: 'worker-1', uid: 'worker-1' },
    note: 'cannot read the node\nipset: no',
    type: 'Warning',
  });
});

test('an Event about a Service is in its namespace', () => {
  const regarding = { kind: 'Service', namespace: 'shop', name: 'web' } as const;
  const { metadata, regarding: reference } = eventObject({ ...failed, regarding }, 'worker-1', time, 0);
  expect([metadata.namespace, reference]).toEqual(['shop', { apiVersion: 'v1', ...regarding }]);
});

test('a repeated Event has its count and the last time', () => {
  const event = eventObject(failed, 'worker-1', time, 0);
  expect(repeatedEvent(event, 4, new Date('2026-11-30T17:05:00Z'))).toEqual({
    ...event,
    series: { count: 4, lastObservedTime: '2026-11-30T17:05:00.000000Z' },
  });
});

describe('the API server accepts', () => {
  const noteOf = (note: string) => eventObject({ ...failed, note }, 'worker-1', time, 0).note;

  test('a note of 1,024 bytes as it is, and a longer one cut between two characters', () => {
    expect(noteOf('x'.repeat(1_024))).toBe('x'.repeat(1_024));
    expect(noteOf('x'.repeat(1_025))).toBe(`${'x'.repeat(1_021)}…`);
    expect(noteOf('ü'.repeat(1_000))).toBe(`${'ü'.repeat(510)}…`);
  });

  test('a note with control characters, which are made visible', () => {
    expect(noteOf('Service \u001b[31mred\nnext\u0000')).toBe('Service \\u001b[31mred\nnext\\u0000');
  });

  test('names of any length', () => {
    const name = 'n'.repeat(253);
    const { metadata, reportingInstance } = eventObject(
      { ...failed, regarding: { kind: 'Node', name } },
      name,
      time,
      0,
    );
    expect([metadata.name.length, reportingInstance.length]).toEqual([253, 128]);
  });
});
