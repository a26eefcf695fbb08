import { expect, test } from 'vitest';
import { virtualServerKey } from '../../src/node/kinds/virtual-server.js';
import { elementsOf } from '../../src/node/state.js';
import { clusterFrom } from '../support/parity-case.js';
import { tutorialProxy } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject, udpObjects } from '../support/sample-objects.js';
import { reconciliationOn, syncedNode } from '../support/synced-node.js';

const web = serviceObject('web', '10.96.0.1');
const both = clusterFrom(
  listText(web, endpointsObject('web', ['10.244.1.3']), ...udpObjects('10.96.0.9', ['10.244.1.4'])),
);

test('if no endpoint objects are found, only removed Services lose their real servers', async () => {
  const { desired } = await reconciliationOn(
    await syncedNode(both, tutorialProxy),
    clusterFrom(listText(web)),
    tutorialProxy,
    { namespace: undefined, allowEmpty: false },
  );
  const realServers = elementsOf(desired.state, 'real-server');
  expect(realServers.map(({ address }) => address)).toEqual(['10.244.1.3']);
  for (const { server } of realServers) expect(desired.state.has(virtualServerKey(server))).toBe(true);
});
