import { expect, test } from 'vitest';
import type { ClusterKind } from '../../src/cluster/kinds.js';
import { ClusterStore } from '../../src/cluster/store.js';
import type { FeedEvent } from '../../src/cluster/watch/feed.js';
import { createFeedIntake } from '../../src/sync/feed-intake.js';
import { serviceObject } from '../support/sample-objects.js';
import { raw, sliceObject } from './support/programmed-node.js';

/** Returns an intake of Services and EndpointSlices that records what it reports. */
function intake() {
  const store = new ClusterStore();
  const reported: string[] = [];
  let isListed = false;
  const { onEvent, listed } = createFeedIntake(store, ['Service', 'EndpointSlice'], changes =>
    reported.push(changes.map(({ after, before }) => (after ?? before)?.metadata.name ?? '').join(' ')),
  );
  void listed.then(() => {
    isListed = true;
  });
  const settled = async () => {
    await Promise.resolve();
    return isListed;
  };
  const list = (kind: ClusterKind, ...objects: readonly object[]): FeedEvent => ({
    is: 'listed',
    kind,
    objects: objects.map(raw),
  });
  return { store, reported, onEvent, settled, list };
}

const web = serviceObject('web', '10.96.0.1');
const api = serviceObject('api', '10.96.0.2');
const slice = sliceObject('web', ['10.244.1.3']);

test('nothing is reported until every kind has been listed', async () => {
  const { onEvent, settled, list, reported, store } = intake();
  onEvent(list('Service', web));
  onEvent({ is: 'changed', kind: 'Service', object: raw(api) });
  expect(await settled()).toBe(false);
  onEvent(list('EndpointSlice', slice));
  expect(await settled()).toBe(true);
  expect(reported).toEqual([]);
  expect([...store.objects('Service').keys()]).toEqual(['default/web', 'default/api']);
  expect(store.slicesOf('default/web')).toHaveLength(1);
});

test('listing one kind twice does not count as listing another kind', async () => {
  const { onEvent, settled, list } = intake();
  onEvent(list('Service', web));
  onEvent(list('Service', web, api));
  expect(await settled()).toBe(false);
});

test('after that, each event is reported with the objects that it added, changed or removed', () => {
  const { onEvent, list, reported } = intake();
  onEvent(list('EndpointSlice'));
  onEvent(list('Service', web));
  onEvent({ is: 'changed', kind: 'Service', object: raw(api) });
  onEvent({ is: 'removed', kind: 'Service', object: raw(web) });
  onEvent(list('Service', web));
  onEvent({ is: 'changed', kind: 'Service', object: raw(web) });
  expect(reported).toEqual(['api', 'web', 'api web', '']);
});
