import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ApiWriter } from '../../src/cluster/watch/api-server.js';
import { eventObject } from '../../src/events/event.js';
import { createEventWriter } from '../../src/events/write-event.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const regarding = { kind: 'Service', namespace: 'shop', name: 'web' } as const;
const event = eventObject(
  { regarding, type: 'Warning', reason: 'FailedToStartServiceHealthcheck', action: 'Listen', note: 'no' },
  'worker-1',
  new Date('2026-11-30T17:00:00Z'),
  0,
);
const all = '/apis/events.k8s.io/v1/namespaces/shop/events';

/** Answers each write with the next status. `never` does not answer, and `broken` fails. */
function start(...answers: readonly (number | 'never' | 'broken')[]) {
  const written: string[] = [];
  const lines: string[] = [];
  const left = [...answers];
  const api: ApiWriter = {
    write: async (method, path, object, signal) => {
      written.push(`${method} ${path} ${JSON.stringify(object) === JSON.stringify(event)}`);
      const answer = left.shift() ?? 201;
      if (answer === 'broken') throw new Error('connect ECONNREFUSED');
      if (answer === 'never')
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      return { status: answer, body: (async function* () {})() };
    },
  };
  const write = createEventWriter(api, line => lines.push(line));
  const closing = new AbortController();
  return { written, lines, closing, write: (method: 'POST' | 'PUT') => write(method, event, closing.signal) };
}

test('an Event is posted to its namespace, and a repeated one is put in its place', async () => {
  const { written, lines, write } = start();
  await write('POST');
  await write('PUT');
  expect(written).toEqual([`POST ${all} true`, `PUT ${all}/${event.metadata.name} true`]);
  expect(lines).toEqual([]);
});

test('a missing permission is one line until Events are written again', async () => {
  const { lines, write } = start(403, 403, 201, 403);
  for (let time = 0; time < 4; time += 1) await write('POST');
  const line =
    'Events are not written: these credentials may not write them (create and update events.events.k8s.io allow it); ' +
    'nothing else depends on them';
  expect(lines).toEqual([line, line]);
});

test('an API server that is away, overloaded or silent is a line, and no error', async () => {
  const { lines, write } = start('broken', 429, 'never');
  await write('POST');
  await write('POST');
  const late = write('POST');
  await vi.advanceTimersByTimeAsync(10_000);
  await late;
  expect(lines.map(line => /not written: (.*);/.exec(line)?.[1])).toEqual([
    'connect ECONNREFUSED',
    'the API server answers 429',
    'no answer within 10 s',
  ]);
});

test('a write ends without a line when the program ends', async () => {
  const { lines, closing, write } = start('never');
  const late = write('POST');
  closing.abort();
  await late;
  expect(lines).toEqual([]);
});
