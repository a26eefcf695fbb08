import { expect, test } from 'vitest';
import type { ClusterKind } from '../../src/cluster/kinds.js';
import { ClusterStore } from '../../src/cluster/store.js';
import type { FeedEvent } from '../../src/cluster/watch/feed.js';
import { feedIntake } from '../../src/sync/feed-intake.js';
import { serviceObject } from '../support/sample-objects.js';
import { raw, sliceObject } from './support/kept-node.js';

/** An intake of Services and EndpointSlices, and what it has handed on. */
function intake() {
  const store = new ClusterStore();
  const handedOn: string[] = [];
  let isListed = false;
  const { onEvent, listed } = feedIntake(store, ['Service', 'EndpointSlice'], changes =>
    handedOn.push(changes.map(({ after, before }) => (after ?? before)?.metadata.name ?? '').join(' ')),
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
  return { store, handedOn, onEvent, settled, list };
}

const web = serviceObject('web', '10.96.0.1');
const api = serviceObject('api', '10.96.0.2');
const slice = sliceObject('web', ['10.244.1.3']);

test('nothing is handed on before every kind has been listed, and then there is a whole picture', async () => {
  const { onEvent, settled, list, handedOn, store } = intake();
  onEvent(list('Service', web));
  onEvent({ is: 'changed', kind: 'Service', object: raw(api) });
  expect(await settled()).toBe(false);
  onEvent(list('EndpointSlice', slice));
  expect(await settled()).toBe(true);
  expect(handedOn).toEqual([]);
  expect([...store.objects('Service').keys()]).toEqual(['default/web', 'default/api']);
  expect(store.slicesOf('default/web')).toHaveLength(1);
});

test('one kind that is listed again is not another kind that is', async () => {
  const { onEvent, settled, list } = intake();
  onEvent(list('Service', web));
  onEvent(list('Service', web, api));
  expect(await settled()).toBe(false);
});

test('then every event is, what came, changed or went in it', () => {
  const { onEvent, list, handedOn } = intake();
  onEvent(list('EndpointSlice'));
  onEvent(list('Service', web));
  onEvent({ is: 'changed', kind: 'Service', object: raw(api) });
  onEvent({ is: 'removed', kind: 'Service', object: raw(web) });
  onEvent(list('Service', web));
  onEvent({ is: 'changed', kind: 'Service', object: raw(web) });
  expect(handedOn).toEqual(['api', 'web', 'api web', '']);
});
