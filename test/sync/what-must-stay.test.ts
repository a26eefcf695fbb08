import { describe, expect, test } from 'vitest';
import { runCommand } from '../support/fake-node/index.js';
import { endpointsObject, serviceObject } from '../support/sample-objects.js';
import { type KeptNode, keptNode, raw, sliceObject } from './support/kept-node.js';

const web = serviceObject('web', '10.96.0.1');
const api = serviceObject('api', '10.96.0.2');
const webSlice = sliceObject('web', ['10.244.1.3']);
const apiSlice = sliceObject('api', ['10.244.1.5']);
const objects = [web, api, webSlice, apiSlice];
const webLines = ['-A -t 10.96.0.1:80 -s rr', '-a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 1'];
const apiLines = ['-A -t 10.96.0.2:80 -s rr', '-a -t 10.96.0.2:80 -r 10.244.1.5:8080 -m -w 1'];

/** All that kproxy programs, in the tools' words. */
const programmed = ({ node: { kernel } }: KeptNode): string =>
  [
    ['ipvsadm', '-S', '-n'],
    ['ipset', 'save'],
    ['iptables-save'],
    ['ip6tables-save'],
    ['ip', '-d', '-j', 'addr', 'show'],
  ]
    .map(argv => runCommand(kernel, { argv }).stdout)
    .join('');

const broken = serviceObject('web', '10.96.0.300');

describe('lists that come empty', () => {
  test('no Service: nothing is changed, and the next full list is taken', async () => {
    const node = await keptNode(objects);
    const before = programmed(node);
    await expect(node.list('Service')).rejects.toMatchObject({
      exitCode: 3,
      message: "no Service was read, but this node has 2 virtual servers of kproxy's",
    });
    await expect(node.kept.syncAll()).rejects.toMatchObject({ exitCode: 3 });
    expect(programmed(node)).toBe(before);
    await node.list('Service', web);
    expect(node.ipvs()).toEqual(webLines);
  });

  test('no Service, where that is said to be true: all of it goes', async () => {
    const node = await keptNode(objects, { allowEmpty: true });
    await node.list('Service');
    expect(node.ipvs()).toEqual([]);
    expect(node.node.kernel.links.get('kube-ipvs0')?.addresses).toEqual([]);
  });

  test('no EndpointSlice: real servers stay, and the next full list is taken', async () => {
    const node = await keptNode(objects);
    const before = programmed(node);
    await node.list('EndpointSlice');
    expect(programmed(node)).toBe(before);
    await node.kept.syncAll();
    expect(programmed(node)).toBe(before);
    await node.list('EndpointSlice', webSlice, sliceObject('api', []));
    expect(node.ipvs()).toEqual([...webLines, '-A -t 10.96.0.2:80 -s rr']);
  });

  test('no EndpointSlice: a Service that comes or goes is taken all the same', async () => {
    const node = await keptNode(objects);
    await node.list('EndpointSlice');
    await node.put(serviceObject('new', '10.96.0.3'));
    await node.remove(api);
    expect(node.ipvs()).toEqual([...webLines, '-A -t 10.96.0.3:80 -s rr']);
  });

  test('no Node: nothing is changed', async () => {
    const node = await keptNode([...objects, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'inajob' } }]);
    const before = programmed(node);
    await node.list('Node');
    expect(programmed(node)).toBe(before);
  });
});

describe('an object that becomes invalid', () => {
  test('keeps what it last asked for, while others come and change', async () => {
    const node = await keptNode(objects);
    await node.put(broken);
    await node.put(sliceObject('api', ['10.244.1.6']));
    await node.put(serviceObject('new', '10.96.0.3'));
    expect(node.ipvs()).toEqual([
      ...webLines,
      '-A -t 10.96.0.2:80 -s rr',
      '-a -t 10.96.0.2:80 -r 10.244.1.6:8080 -m -w 1',
      '-A -t 10.96.0.3:80 -s rr',
    ]);
  });

  test('does not freeze its own endpoints', async () => {
    const node = await keptNode(objects);
    await node.put(broken);
    await node.put(sliceObject('web', ['10.244.1.9']));
    expect(node.ipvs()).toEqual([webLines[0], '-a -t 10.96.0.1:80 -r 10.244.1.9:8080 -m -w 1', ...apiLines]);
  });

  test('is what it says again once it is valid', async () => {
    const node = await keptNode(objects);
    await node.put(broken);
    await node.put(serviceObject('web', '10.96.0.8'));
    expect(node.ipvs()).toEqual([
      ...apiLines,
      '-A -t 10.96.0.8:80 -s rr',
      '-a -t 10.96.0.8:80 -r 10.244.1.3:8080 -m -w 1',
    ]);
    expect(node.kept.draining()).toBe(0);
  });

  test('goes when it is removed', async () => {
    const node = await keptNode(objects);
    await node.put(broken);
    await node.remove(broken);
    expect(node.ipvs()).toEqual(apiLines);
  });

  test('an EndpointSlice: its Service keeps its real servers, others do not', async () => {
    const node = await keptNode(objects);
    await node.put(sliceObject('web', ['10.244.1.300']));
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
  test('may be what asks for anything that nobody else does: nothing goes until it is valid or gone', async () => {
    const earlier = await keptNode([...objects, serviceObject('old', '10.96.0.4')]);
    const bad = serviceObject('old', '10.96.0.300');
    const node = await keptNode([...objects, bad], { kernel: earlier.node.kernel });
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

test('of one namespace, the others’ virtual servers stay, and its own go', async () => {
  const elsewhere = { ...serviceObject('far', '10.96.0.7'), metadata: { name: 'far', namespace: 'other' } };
  const earlier = await keptNode([...objects, elsewhere]);
  const node = await keptNode(objects, { namespace: 'default', kernel: earlier.node.kernel });
  expect(node.ipvs()).toEqual([...webLines, ...apiLines, '-A -t 10.96.0.7:80 -s rr']);
  // Nothing comes of looking again, and a look at all of ten thousand Services every two seconds would be a third of a processor.
  expect(node.kept.draining()).toBe(0);
  await node.put(sliceObject('web', []));
  expect(node.ipvs()).toEqual([webLines[0], ...apiLines, '-A -t 10.96.0.7:80 -s rr']);
});

test('Endpoints objects count where a Service has no EndpointSlice, and the slices where it has one', async () => {
  const node = await keptNode([web, endpointsObject('web', ['10.244.9.9'])]);
  expect(node.ipvs()[1]).toBe('-a -t 10.96.0.1:80 -r 10.244.9.9:8080 -m -w 1');
  await node.put(webSlice);
  expect(node.ipvs()).toEqual(webLines);
  await node.remove(webSlice);
  expect(node.ipvs()[1]).toBe('-a -t 10.96.0.1:80 -r 10.244.9.9:8080 -m -w 1');
});

test('a Service in a network of somebody else’s loses an endpoint that is gone, by change and at once', async () => {
  const proxy = { excludeCidrs: ['10.96.0.1/32'] };
  const withoutBackend = sliceObject('web', ['10.244.0.9']);
  const byChange = await keptNode(objects, { proxy });
  await byChange.put(withoutBackend);
  const before = await keptNode(objects, { proxy });
  const atOnce = await keptNode([web, withoutBackend, api, apiSlice], { proxy, kernel: before.node.kernel });
  expect(byChange.ipvs()).toEqual([webLines[0], '-a -t 10.96.0.1:80 -r 10.244.0.9:8080 -m -w 1', ...apiLines]);
  expect(atOnce.ipvs()).toEqual(byChange.ipvs());
});

test('a virtual server in a network of somebody else’s stays when its Service goes, as in a whole sync', async () => {
  const proxy = { excludeCidrs: ['10.96.0.1/32'] };
  const byChange = await keptNode(objects, { proxy });
  await byChange.remove(web);
  const atOnce = await keptNode(objects, { proxy });
  atOnce.store.remove('Service', raw(web));
  await keptNode([api, apiSlice], { proxy, kernel: atOnce.node.kernel });
  expect(atOnce.ipvs()).toEqual([...webLines, ...apiLines]);
  expect(byChange.ipvs()).toEqual(atOnce.ipvs());
});
