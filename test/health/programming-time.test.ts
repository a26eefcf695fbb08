import { expect, test } from 'vitest';
import type { ClusterKind } from '../../src/cluster/kinds.js';
import { endpointsSchema } from '../../src/cluster/schema/endpoints.js';
import type { ObjectChange } from '../../src/cluster/store.js';
import { programmingSeconds } from '../../src/health/programming-time.js';

const cause = 'endpoints.kubernetes.io/last-change-trigger-time';
const at = (time: string, annotation = cause) =>
  endpointsSchema.parse({
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'web', annotations: { [annotation]: time } },
  });
const change = (after: ObjectChange['after'], kind: ClusterKind = 'Endpoints', before = after) =>
  ({ kind, before, after }) as ObjectChange;
const seconds = (...changes: ObjectChange[]) =>
  programmingSeconds(changes, {
    since: new Date('2026-11-26T08:00:00Z'),
    now: new Date('2026-11-26T08:00:10Z'),
  });

test('each change of endpoints is measured from its cause', () => {
  expect(seconds(change(at('2026-11-26T08:00:09Z')), change(at('2026-11-26T08:00:07.5Z'), 'EndpointSlice'))).toEqual([
    1, 2.5,
  ]);
});

test.each([
  ['of a deleted object', change(undefined, 'Endpoints', at('2026-11-26T08:00:09Z'))],
  ['from before this process', change(at('2026-11-26T07:59:59Z'))],
  ['from the future', change(at('2026-11-26T08:00:11Z'))],
  ['without a cause', change(at('2026-11-26T08:00:09Z', 'other'))],
  ['with a cause that is not a time', change(at('yesterday'))],
  ['of a Service', change(at('2026-11-26T08:00:09Z'), 'Service')],
])('a change %s does not count', (_, change) => expect(seconds(change)).toEqual([]));
