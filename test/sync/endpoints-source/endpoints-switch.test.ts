import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { endpointsObject, serviceObject } from '../../support/sample-objects.js';
import { sliceObject } from '../support/programmed-node.js';
import { managed, selecting } from './support/objects.js';
import { switchedNode } from './support/switched-node.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const web = selecting('web', '10.96.0.1');
const api = selecting('api', '10.96.0.2');
/** A Service whose endpoints are written by hand. */
const db = serviceObject('db', '10.96.0.3');
const webEndpoints = endpointsObject('web', ['10.244.1.1']);
const apiEndpoints = endpointsObject('api', ['10.244.1.2']);
const dbEndpoints = endpointsObject('db', ['192.0.2.3']);
const webSlice = managed('web', ['10.244.1.1']);
const apiSlice = managed('api', ['10.244.1.2']);
const dbSlice = managed('db', ['192.0.2.3'], 'endpointslicemirroring-controller.k8s.io');
const handMade = [webEndpoints, apiEndpoints, dbEndpoints];
const all = ['10.244.1.1', '10.244.1.2', '192.0.2.3'];

const fromSlices = 'from EndpointSlices';
const fromEndpoints = 'from Endpoints objects, because no controller makes EndpointSlices here';
const fromBoth = expect.stringMatching(/^from EndpointSlices, and from Endpoints objects for Services whose/);

describe('in a cluster whose controllers make EndpointSlices', () => {
  test('Endpoints objects are never followed, whatever changes', async () => {
    const watch = switchedNode([web, api, db, ...handMade, webSlice, apiSlice, dbSlice]);
    await watch.start('forbidden');
    expect(watch.realServers()).toEqual(all);
    const late = selecting('late', '10.96.0.9');
    await watch.put(late);
    await watch.pass(59_000);
    await watch.put(managed('late', ['10.244.1.9']));
    await watch.put(managed('web', []));
    await watch.remove(api);
    await watch.remove(apiSlice);
    await watch.pass(120_000);
    expect(watch.realServers()).toEqual(['10.244.1.9', '192.0.2.3']);
    expect([watch.lines, watch.follows]).toEqual([[fromSlices], []]);
  });

  test('a slice that is deleted and made again costs nothing, and no real server leaves meanwhile', async () => {
    const watch = switchedNode([web, api, webSlice, apiSlice]);
    await watch.start();
    await watch.remove(webSlice);
    await watch.pass(900);
    await watch.period();
    expect(watch.realServers()).toEqual(all.slice(0, 2));
    await watch.put(managed('web', ['10.244.1.7']));
    expect(watch.realServers()).toEqual(['10.244.1.2', '10.244.1.7']);
    await watch.pass(60_000);
    expect([watch.lines, watch.follows]).toEqual([[fromSlices], []]);
  });

  test('the endpoints of a Service without a selector leave shortly after its last slice', async () => {
    const watch = switchedNode([web, db, webSlice, dbSlice, dbEndpoints]);
    await watch.start();
    await watch.remove(dbSlice);
    await watch.pass(900);
    expect(watch.realServers()).toEqual(['10.244.1.1', '192.0.2.3']);
    await watch.pass(100);
    expect(watch.realServers()).toEqual(['10.244.1.1']);
    expect([watch.lines, watch.follows]).toEqual([[fromSlices], []]);
  });

  test('the real servers of a Service that is deleted with its slices leave at once', async () => {
    const watch = switchedNode([web, api, webSlice, apiSlice]);
    await watch.start();
    await watch.remove(webSlice);
    await watch.remove(web);
    expect(watch.realServers()).toEqual(['10.244.1.2']);
    await watch.pass(60_000);
    expect(watch.follows).toEqual([]);
  });
});

describe('in a cluster without controllers', () => {
  test('Services are served from Endpoints objects, and those with slices made by hand from these', async () => {
    const staff = managed('api', ['10.244.1.8'], 'staff');
    const own = {
      ...sliceObject('kubernetes', ['10.10.0.10']),
      metadata: { name: 'kubernetes', namespace: 'default' },
    };
    const watch = switchedNode([web, api, db, ...handMade, staff, own]);
    await watch.start();
    expect(watch.realServers()).toEqual(['10.244.1.1', '10.244.1.8', '192.0.2.3']);
    await watch.put(endpointsObject('web', ['10.244.1.5']));
    expect(watch.realServers()).toEqual(['10.244.1.5', '10.244.1.8', '192.0.2.3']);
    await watch.remove(staff);
    expect(watch.realServers()).toEqual(['10.244.1.2', '10.244.1.5', '192.0.2.3']);
    await watch.pass(120_000);
    expect([watch.lines, watch.follows]).toEqual([[fromEndpoints], [true]]);
  });

  test('nothing is known, and nothing leaves, before Endpoints objects are listed', async () => {
    const watch = switchedNode([web, ...handMade]);
    await watch.start('nothing');
    expect(watch.isKnown()).toBe(false);
    await watch.answer('listed');
    expect(watch.isKnown()).toBe(true);
    expect(watch.realServers()).toEqual(['10.244.1.1']);
  });

  test('if they may not be read, what is on the node stays, and Services with slices are served', async () => {
    const objects = [web, api, ...handMade, sliceObject('api', ['10.244.1.8'])];
    const before = switchedNode(objects);
    await before.start();
    const watch = switchedNode(objects, before.node);
    await watch.start('forbidden');
    expect(watch.isKnown()).toBe(true);
    expect(watch.realServers()).toEqual(['10.244.1.1', '10.244.1.8']);
    await watch.put(sliceObject('api', ['10.244.1.9']));
    await watch.period();
    expect(watch.realServers()).toEqual(['10.244.1.1', '10.244.1.9']);
    expect(watch.lines).toEqual([]);
    await watch.answer('listed');
    await watch.put(endpointsObject('web', ['10.244.1.7']));
    expect(watch.realServers()).toEqual(['10.244.1.7', '10.244.1.9']);
    expect(watch.lines).toEqual([fromEndpoints]);
  });
});

describe('when controllers are started', () => {
  test('Services change over one by one, and Endpoints objects are given up after the last one', async () => {
    const watch = switchedNode([web, api, db, ...handMade]);
    await watch.start();
    for (const slice of [webSlice, apiSlice]) {
      await watch.put(slice);
      await watch.pass(50_000);
      await watch.period();
      expect(watch.realServers()).toEqual(all);
    }
    await watch.put(endpointsObject('db', ['192.0.2.4']));
    expect(watch.realServers()).toEqual(['10.244.1.1', '10.244.1.2', '192.0.2.4']);
    await watch.put(dbSlice);
    expect(watch.realServers()).toEqual(all);
    await watch.period();
    expect(watch.realServers()).toEqual(all);
    expect([watch.lines, watch.follows]).toEqual([
      [fromEndpoints, fromBoth, fromSlices],
      [true, false],
    ]);
  });

  test('a Service whose Endpoints object they do not mirror loses its endpoints a minute later', async () => {
    const watch = switchedNode([web, db, ...handMade]);
    await watch.start();
    await watch.put(webSlice);
    await watch.pass(59_000);
    expect(watch.realServers()).toEqual(['10.244.1.1', '192.0.2.3']);
    await watch.pass(1_000);
    expect(watch.realServers()).toEqual(['10.244.1.1']);
    expect(watch.lines).toEqual([
      fromEndpoints,
      fromBoth,
      'no controller has made EndpointSlices from the Endpoints objects of default/db: these Services have no ' +
        'endpoints any more, as with kube-proxy. Write EndpointSlices for them',
      fromSlices,
    ]);
  });

  test('if they stop before they come to a Service with a selector, it keeps its endpoints', async () => {
    const watch = switchedNode([web, api, db, ...handMade]);
    await watch.start();
    await watch.put(webSlice);
    await watch.pass(3_600_000);
    expect(watch.realServers()).toEqual(all);
    expect(watch.lines).toEqual([fromEndpoints, fromBoth]);
  });

  test('a watch that starts in the middle of this serves all Services', async () => {
    const watch = switchedNode([web, api, db, ...handMade, webSlice]);
    await watch.start();
    expect(watch.realServers()).toEqual(all);
    await watch.put(apiSlice);
    await watch.put(dbSlice);
    expect(watch.realServers()).toEqual(all);
    expect([watch.lines, watch.follows]).toEqual([
      [fromBoth, fromSlices],
      [true, false],
    ]);
  });
});

describe('when controllers are stopped and their EndpointSlices stay', () => {
  const objects = [web, db, webEndpoints, dbEndpoints, webSlice, dbSlice];

  test('a new Service is served from its Endpoints object, whenever that is written', async () => {
    const watch = switchedNode(objects);
    await watch.start();
    await watch.put(api);
    await watch.pass(59_000);
    expect(watch.follows).toEqual([]);
    await watch.pass(61_000);
    expect([watch.lines, watch.follows]).toEqual([[fromSlices, fromBoth], [true]]);
    await watch.pass(3_600_000);
    await watch.put(apiEndpoints);
    expect(watch.realServers()).toEqual(all);
    await watch.put(apiSlice);
    expect(watch.realServers()).toEqual(all);
    expect([watch.lines, watch.follows]).toEqual([
      [fromSlices, fromBoth, fromSlices],
      [true, false],
    ]);
  });

  test('controllers that are slow but make slices do not count as stopped', async () => {
    const watch = switchedNode(objects);
    await watch.start();
    const late = [1, 2, 3].map(at => [selecting(`late${at}`, `10.96.1.${at}`), managed(`late${at}`, [])] as const);
    for (const [service] of late) await watch.put(service);
    for (const [, slice] of late) {
      await watch.pass(55_000);
      await watch.put(slice);
    }
    await watch.pass(3_600_000);
    expect([watch.lines, watch.follows]).toEqual([[fromSlices], []]);
  });

  test('a Service that has lost its slice keeps its real servers, long before Endpoints are read', async () => {
    const watch = switchedNode([web, api, ...handMade, webSlice, apiSlice]);
    await watch.start();
    await watch.remove(webSlice);
    await watch.pass(59_000);
    await watch.period();
    expect([watch.realServers(), watch.follows]).toEqual([all.slice(0, 2), []]);
    await watch.pass(61_000);
    expect([watch.lines, watch.follows]).toEqual([[fromSlices, fromBoth], [true]]);
    expect(watch.realServers()).toEqual(all.slice(0, 2));
    await watch.put(endpointsObject('web', ['10.244.1.7']));
    expect(watch.realServers()).toEqual(['10.244.1.2', '10.244.1.7']);
  });

  test('if Endpoints objects may not be read, the Services with slices are still served', async () => {
    const watch = switchedNode(objects);
    await watch.start('forbidden');
    await watch.put(api);
    await watch.pass(120_000);
    await watch.put(managed('web', ['10.244.1.9']));
    expect(watch.realServers()).toEqual(['10.244.1.9', '192.0.2.3']);
    await watch.put(apiSlice);
    expect(watch.realServers()).toEqual(['10.244.1.2', '10.244.1.9', '192.0.2.3']);
    expect([watch.lines, watch.follows]).toEqual([[fromSlices], [true, false]]);
  });
});

describe('when controllers are stopped and their EndpointSlices deleted', () => {
  const objects = [web, api, db, ...handMade, webSlice, apiSlice, dbSlice];

  test('Endpoints objects are listed before a Service loses its endpoints', async () => {
    const watch = switchedNode(objects);
    await watch.start('nothing');
    for (const slice of [webSlice, dbSlice, apiSlice]) {
      await watch.remove(slice);
      await watch.pass(800);
      expect(watch.realServers()).toEqual(all);
    }
    await watch.pass(10_000);
    await watch.period();
    expect(watch.realServers()).toEqual(all);
    await watch.answer('listed');
    expect(watch.realServers()).toEqual(all);
    await watch.put(endpointsObject('web', []));
    expect(watch.realServers()).toEqual(all.slice(1));
    expect([watch.lines, watch.follows]).toEqual([[fromSlices, fromEndpoints], [true]]);
  });

  test('the same if the list lacks them after a lost connection', async () => {
    const watch = switchedNode(objects);
    await watch.start();
    await watch.relist('EndpointSlice');
    await watch.pass(500);
    expect(watch.realServers()).toEqual(all);
    await watch.pass(1_000);
    expect(watch.realServers()).toEqual(all);
    expect(watch.lines).toEqual([fromSlices, fromEndpoints]);
  });

  test('what the Endpoints objects do not have leaves when they are listed', async () => {
    const watch = switchedNode([web, webSlice, api, apiSlice, apiEndpoints]);
    await watch.start();
    await watch.relist('EndpointSlice');
    await watch.pass(1_000);
    expect(watch.realServers()).toEqual(['10.244.1.2']);
  });

  test('if Endpoints objects may not be read, the real servers stay', async () => {
    const watch = switchedNode(objects);
    await watch.start('forbidden');
    await watch.relist('EndpointSlice');
    await watch.pass(60_000);
    await watch.period();
    expect(watch.realServers()).toEqual(all);
    await watch.put(managed('web', ['10.244.1.9'], 'staff'));
    expect(watch.realServers()).toEqual(['10.244.1.2', '10.244.1.9', '192.0.2.3']);
  });

  test('controllers that are started again take over again', async () => {
    const watch = switchedNode(objects);
    await watch.start();
    await watch.relist('EndpointSlice');
    await watch.pass(1_000);
    for (const slice of [dbSlice, apiSlice, webSlice]) {
      await watch.put(slice);
      expect(watch.realServers()).toEqual(all);
    }
    expect([watch.lines, watch.follows]).toEqual([
      [fromSlices, fromEndpoints, fromBoth, fromSlices],
      [true, false],
    ]);
  });
});
