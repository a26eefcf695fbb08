import { expect, test } from 'vitest';
import { ClusterStore, type ObjectChange } from '../../src/cluster/store.js';
import type { NodeAccess } from '../../src/node/access.js';
import { Programmer } from '../../src/sync/programmer.js';
import { fakeNode } from '../support/fake-node/index.js';
import { tutorialProxy } from '../support/run-sync.js';
import { endpointsObject, serviceObject } from '../support/sample-objects.js';
import { ipvsOf, raw, sliceObject } from './support/programmed-node.js';

test.each(['some', 'all'] as const)(
  'real servers stay although Endpoints objects are listed during the sync that should remove them (%s)',
  async how => {
    const store = new ClusterStore();
    const kernelNode = fakeNode();
    let onAccess = () => {};
    const node: NodeAccess = {
      ...kernelNode,
      run: (...call) => {
        onAccess();
        return kernelNode.run(...call);
      },
      readFile: (...call) => {
        onAccess();
        return kernelNode.readFile(...call);
      },
    };
    const programmer = new Programmer({ namespace: undefined, allowEmpty: false, store, node, proxy: tutorialProxy });
    const slice = raw(sliceObject('web', ['10.244.1.3']));
    store.put('Service', raw(serviceObject('web', '10.96.0.1')));
    store.put('EndpointSlice', slice);
    await programmer.syncAll();
    const before = ipvsOf(kernelNode);

    store.unread.add('Endpoints');
    const changes = store.remove('EndpointSlice', slice);
    let listed: readonly ObjectChange[] = [];
    onAccess = () => {
      if (!store.unread.delete('Endpoints')) return;
      listed = store.list('Endpoints', [raw(endpointsObject('web', ['10.244.1.3']))]);
    };
    await (how === 'some' ? programmer.syncChanges(changes) : programmer.syncAll(changes));
    expect(listed).toHaveLength(1);
    expect(ipvsOf(kernelNode)).toEqual(before);
    await programmer.syncChanges(listed);
    expect(ipvsOf(kernelNode)).toEqual(before);
  },
);
