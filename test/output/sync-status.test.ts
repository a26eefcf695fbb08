import { expect, test } from 'vitest';
import { KproxyError } from '../../src/errors.js';
import type { Change } from '../../src/node/change.js';
import { failedStatus, syncedStatus } from '../../src/output/sync-status.js';
import type { LoopReport } from '../../src/sync/loop.js';
import type { Synced } from '../../src/sync/programmer.js';

const now = new Date('2026-11-30T17:00:00.250Z');
const reportOf = (plan: readonly Change[]) =>
  ({ result: { plan }, changes: [], isWhole: true, milliseconds: 40.4 }) as unknown as LoopReport<Synced>;
const added = { verb: 'add' } as Change;

test('the status has the time of the last sync, the Services and what has changed', () => {
  expect([syncedStatus(reportOf([added, added]), 12, now), syncedStatus(reportOf([]), 1, now)]).toEqual([
    'synced at 2026-11-30T17:00:00Z: 12 Services; 2 added, 0 changed, 0 removed in 40 ms',
    'synced at 2026-11-30T17:00:00Z: 1 Service; nothing changed',
  ]);
});

test('the status of a failure is one line of at most 200 characters without control characters', () => {
  const failure = (message: string) => failedStatus(new KproxyError({ code: 'tool-failed', message }), 500, now);
  expect(failure('ipset: no\nREADY=1\u001b')).toBe(
    'failed at 2026-11-30T17:00:00Z, retrying in 0.5 s: ipset: no\\nREADY=1\\u001b',
  );
  expect(failure('x'.repeat(1_000))).toMatch(/^failed at .{189}…$/);
});
