import { describe, expect, test } from 'vitest';
import { runCommand } from '../support/fake-node/index.js';
import { endpointsObject, serviceObject } from '../support/sample-objects.js';
import { type ProgrammedNode, programmedNode, raw, sliceObject } from './support/programmed-node.js';

const web = serviceObject('web', '10.96.0.1');
const api = serviceObject('api', '10.96.0.2');
const webSlice = sliceObject('web', ['10.244.1.3']);
const apiSlice = sliceObject('api', ['10.244.1.5']);
const objects = [web, api, webSlice, apiSlice];
const webLines = ['-A -t 10.96.0.1:80 -s rr', '-a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 1'];
const apiLines = ['-A -t 10.96.0.2:80 -s rr', '-a -t 10.96.0.2:80 -r 10.244.1.5:8080 -m -w 1'];

/** Returns everything that kproxy programs, as the tools print it. */
const nodeText = ({ node: { kernel } }: ProgrammedNode): string =>
  [
    ['ipvsadm', '-S', '-n'],
    ['ipset', 'save'],
    ['iptables-save'],
    ['ip6tables-save'],
    ['ip', '-d', '-j', 'addr', 'show'],
  ]
    .map(argv => runCommand(kernel, { argv }).stdout)
    .join('');

const invalidWeb = serviceObject('web', '10.96.0.300');

describe('an empty list', () => {
  test('of Services changes nothing, and the next list is applied', async () => {
    const node = await programmedNode(objects);
    const before = nodeText(node);
    await expect(node.list('Service')).rejects.toMatchObject({
      code: 'cluster-empty',
      message: "no Service was read, but this node has 2 virtual servers of kproxy's",
    });
    await expect(node.programmer.syncAll()).rejects.toMatchObject({ code: 'cluster-empty' });
    expect(nodeText(node)).toBe(before);
    await node.list('Service', web);
    expect(node.ipvs()).toEqual(webLines);
  });

  test('of Services that nodes serve is one too, when the last of them is removed or becomes headless', async () => {
    for (const others of [[], [serviceObject('web', 'None')]]) {
      const node = await programmedNode([...objects, serviceObject('db', 'None')]);
      const before = nodeText(node);
      await expect(node.list('Service', serviceObject('db', 'None'), ...others)).rejects.toMatchObject({
        code: 'cluster-empty',
      });
      expect(nodeText(node)).toBe(before);
      await node.list('Service', web);
      expect(node.ipvs()).toEqual(webLines);
    }
  });

  test('of Services removes everything with --allow-empty', async () => {
    const node = await programmedNode(objects, { allowEmpty: true });
    await node.list('Service');
    expect(node.ipvs()).toEqual([]);
    expect(node.node.kernel.links.get('kube-ipvs0')?.addresses).toEqual([]);
  });

  test('of EndpointSlices keeps the real servers, and the next list is applied', async () => {
    const node = await programmedNode(objects);
    const before = nodeText(node);
    await node.list('EndpointSlice');
    expect(nodeText(node)).toBe(before);
    await node.programmer.syncAll();
    expect(nodeText(node)).toBe(before);
    await node.list('EndpointSlice', webSlice, sliceObject('api', []));
    expect(node.ipvs()).toEqual([...webLines, '-A -t 10.96.0.2:80 -s rr']);
  });

  test('of EndpointSlices does not delay adding and removing Services', async () => {
    const node = await programmedNode(objects);
    await node.list('EndpointSlice');
    await node.put(serviceObject('new', '10.96.0.3'));
    await node.remove(api);
    expect(node.ipvs()).toEqual([...webLines, '-A -t 10.96.0.3:80 -s rr']);
  });

  test('of Nodes changes nothing', async () => {
    const node = await programmedNode([...objects, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'inajob' } }]);
    const before = nodeText(node);
    await node.list('Node');
    expect(nodeText(node)).toBe(before);
  });
});

describe('an object that becomes invalid', () => {
  test('keeps what it last needed while other objects are added and changed', async () => {
    const node = await programmedNode(objects);
    await node.put(invalidWeb);
    await node.put(sliceObject('api', ['10.244.1.6']));
    await node.put(serviceObject('new', '10.96.0.3'));
    expect(node.ipvs()).toEqual([
      ...webLines,
      '-A -t 10.96.0.2:80 -s rr',
      '-a -t 10.96.0.2:80 -r 10.244.1.6:8080 -m -w 1',
      '-A -t 10.96.0.3:80 -s rr',
    ]);
  });

  test('still follows its endpoints', async () => {
    const node = await programmedNode(objects);
    await node.put(invalidWeb);
    await node.put(sliceObject('web', ['10.244.1.9']));
    expect(node.ipvs()).toEqual([webLines[0], '-a -t 10.96.0.1:80 -r 10.244.1.9:8080 -m -w 1', ...apiLines]);
  });

  test('is applied again once it is valid', async () => {
    const node = await programmedNode(objects);
    await node.put(invalidWeb);
    await node.put(serviceObject('web', '10.96.0.8'));
    expect(node.ipvs()).toEqual([
      ...apiLines,
      '-A -t 10.96.0.8:80 -s rr',
      '-a -t 10.96.0.8:80 -r 10.244.1.3:8080 -m -w 1',
    ]);
    expect(node.programmer.draining()).toBe(0);
  });

  test('is removed when it is deleted', async () => {
    const node = await programmedNode(objects);
    await node.put(invalidWeb);
    await node.remove(invalidWeb);
    expect(node.ipvs()).toEqual(apiLines);
  });

  test('an EndpointSlice: only its own Service keeps its real servers', async () => {
    const node = await programmedNode(objects);
    await node.put({ ...sliceObject('web', ['10.244.1.8']), addressType: 'IPv5' });
    await node.put(sliceObject('web', ['10.244.1.4'], { name: 'web-2' }));
    await node.put(sliceObject('api', []));
    expect(node.ipvs()).toEqual([
      ...webLines,
      '-a -t 10.96.0.1:80 -r 10.244.1.4:8080 -m -w 1',
      '-A -t 10.96.0.2:80 -s rr',
    ]);
  });
});

describe('an object that was never valid', () => {
  test('keeps what it may have asked for before until it is valid or deleted', async () => {
    const earlier = await programmedNode([...objects, serviceObject('old', '10.96.0.4')]);
    const bad = serviceObject('old', '10.96.0.4', { ports: [{ port: 0 }] });
    const node = await programmedNode([...objects, bad], { kernel: earlier.node.kernel });
    expect(node.ipvs()).toEqual([...webLines, ...apiLines, '-A -t 10.96.0.4:80 -s rr']);
    await node.put(sliceObject('api', ['10.244.1.6']));
    expect(node.ipvs()).toContain('-A -t 10.96.0.4:80 -s rr');
    node.store.remove('Service', raw(bad));
    await node.look();
    expect(node.ipvs()).toEqual([
      ...webLines,
      '-A -t 10.96.0.2:80 -s rr',
      '-a -t 10.96.0.2:80 -r 10.244.1.6:8080 -m -w 1',
    ]);
  });
});

test('if only one namespace is read, virtual servers of other namespaces are kept', async () => {
  const elsewhere = { ...serviceObject('far', '10.96.0.7'), metadata: { name: 'far', namespace: 'other' } };
  const earlier = await programmedNode([...objects, elsewhere]);
  const node = await programmedNode(objects, { namespace: 'default', kernel: earlier.node.kernel });
  expect(node.ipvs()).toEqual([...webLines, ...apiLines, '-A -t 10.96.0.7:80 -s rr']);
  // Kept elements do not count as draining: reconciling 10,000 Services every two seconds would take a third of a
  // processor.
  expect(node.programmer.draining()).toBe(0);
  await node.put(sliceObject('web', []));
  expect(node.ipvs()).toEqual([webLines[0], ...apiLines, '-A -t 10.96.0.7:80 -s rr']);
});

test('an Endpoints object counts only as long as its Service has no EndpointSlice', async () => {
  const node = await programmedNode([web, endpointsObject('web', ['10.244.9.9'])]);
  expect(node.ipvs()[1]).toBe('-a -t 10.96.0.1:80 -r 10.244.9.9:8080 -m -w 1');
  await node.put(webSlice);
  expect(node.ipvs()).toEqual(webLines);
  await node.remove(webSlice);
  expect(node.ipvs()[1]).toBe('-a -t 10.96.0.1:80 -r 10.244.9.9:8080 -m -w 1');
});

test('a Service in an excluded network loses a removed endpoint, in a partial and in a full sync', async () => {
  const proxy = { excludeCidrs: ['10.96.0.1/32'] };
  const withoutBackend = sliceObject('web', ['10.244.0.9']);
  const byChange = await programmedNode(objects, { proxy });
  await byChange.put(withoutBackend);
  const before = await programmedNode(objects, { proxy });
  const atOnce = await programmedNode([web, withoutBackend, api, apiSlice], { proxy, kernel: before.node.kernel });
  expect(byChange.ipvs()).toEqual([webLines[0], '-a -t 10.96.0.1:80 -r 10.244.0.9:8080 -m -w 1', ...apiLines]);
  expect(atOnce.ipvs()).toEqual(byChange.ipvs());
});

test('a virtual server that kproxy made in an excluded network goes with its Service, in every sync', async () => {
  const proxy = { excludeCidrs: ['10.96.0.1/32'] };
  const byChange = await programmedNode(objects, { proxy });
  await byChange.remove(web);
  const atOnce = await programmedNode(objects, { proxy });
  atOnce.store.remove('Service', raw(web));
  await programmedNode([api, apiSlice], { proxy, kernel: atOnce.node.kernel });
  expect(atOnce.ipvs()).toEqual(apiLines);
  expect(byChange.ipvs()).toEqual(atOnce.ipvs());
});
