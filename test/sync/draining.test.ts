import { describe, expect, test } from 'vitest';
import { runCommand } from '../support/fake-node/index.js';
import { serviceObject } from '../support/sample-objects.js';
import {
  connect,
  type NodeSetting,
  type ProgrammedNode,
  programmedNode,
  sliceObject,
} from './support/programmed-node.js';

const web = serviceObject('web', '10.96.0.1');
const api = serviceObject('api', '10.96.0.2');
const objects = [web, api, sliceObject('web', ['10.244.1.3', '10.244.1.4']), sliceObject('api', ['10.244.1.5'])];
const otherEndpoint = sliceObject('web', ['10.244.1.4']);
const apiLines = ['-A -t 10.96.0.2:80 -s rr', '-a -t 10.96.0.2:80 -r 10.244.1.5:8080 -m -w 1'];

const draining = '-a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 0';
const webServer = '-A -t 10.96.0.1:80 -s rr';
const staying = '-a -t 10.96.0.1:80 -r 10.244.1.4:8080 -m -w 1';

/** Returns a node with open connections through the real server 10.244.1.3. */
async function busyNode(setting?: NodeSetting, more: readonly object[] = []): Promise<ProgrammedNode> {
  const node = await programmedNode([...objects, ...more], setting);
  connect(node.node, 'TCP 10.96.0.1:80', '10.244.1.3:8080', 2);
  return node;
}

const addresses = ({ node }: ProgrammedNode) =>
  node.kernel.links.get('kube-ipvs0')?.addresses.map(({ address }) => address);
const sets = ({ node }: ProgrammedNode) => runCommand(node.kernel, { argv: ['ipset', 'save'] }).stdout;

describe('a TCP real server without an endpoint', () => {
  test('stays at weight 0 while it has connections, and is removed when they are closed', async () => {
    const node = await busyNode();
    await node.put(otherEndpoint);
    expect(node.ipvs()).toEqual([webServer, draining, staying, ...apiLines]);
    expect(node.programmer.draining()).toBe(1);
    expect(await node.processes(node.look)).toEqual([]);
    expect(node.ipvs()).toContain(draining);
    connect(node.node, 'TCP 10.96.0.1:80', '10.244.1.3:8080', 0);
    expect(await node.processes(node.look)).toEqual(['ipvsadm --restore']);
    expect(node.ipvs()).toEqual([webServer, staying, ...apiLines]);
    expect(node.programmer.draining()).toBe(0);
  });

  test('is removed at once if it has no connections', async () => {
    const node = await programmedNode(objects);
    await node.put(otherEndpoint);
    expect(node.ipvs()).toEqual([webServer, staying, ...apiLines]);
    expect(node.programmer.draining()).toBe(0);
  });

  test('gets its weight back when it is an endpoint again', async () => {
    const node = await busyNode();
    await node.put(otherEndpoint);
    await node.put(sliceObject('web', ['10.244.1.3', '10.244.1.4']));
    expect(node.ipvs()).toEqual([webServer, '-a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 1', staying, ...apiLines]);
    expect(node.programmer.draining()).toBe(0);
  });

  test('keeps draining while other Services change, and through a full sync', async () => {
    const node = await busyNode();
    await node.put(otherEndpoint);
    await node.put(sliceObject('api', ['10.244.1.6']));
    expect(node.ipvs()).toContain(draining);
    await node.programmer.syncAll();
    expect(node.ipvs()).toContain(draining);
    connect(node.node, 'TCP 10.96.0.1:80', '10.244.1.3:8080', 0);
    await node.look();
    expect(node.ipvs()).not.toContain(draining);
  });

  test.each<readonly [string, NodeSetting, readonly object[]]>([
    ['only one namespace is read', { namespace: 'default' }, []],
    ['another object is invalid', {}, [serviceObject('bad', '10.96.0.300')]],
  ])('drains too if %s', async (_, setting, more) => {
    const node = await busyNode(setting, more);
    await node.put(otherEndpoint);
    expect(node.ipvs()).toEqual([webServer, draining, staying, ...apiLines]);
    connect(node.node, 'TCP 10.96.0.1:80', '10.244.1.3:8080', 0);
    await node.look();
    expect(node.ipvs()).toEqual([webServer, staying, ...apiLines]);
  });
});

describe('a Service that is removed', () => {
  test('keeps its virtual server, VIP and closing entry until its last connection is closed', async () => {
    const node = await busyNode();
    await node.remove(web, otherEndpoint);
    expect(node.ipvs()).toEqual([webServer, draining, ...apiLines]);
    expect(addresses(node)).toEqual(expect.arrayContaining(['10.96.0.1', '10.96.0.2']));
    expect(sets(node)).toContain('add KUBE-IPVS-IPS 10.96.0.1\n');
    expect(sets(node)).not.toContain('10.96.0.1,tcp:80');
    connect(node.node, 'TCP 10.96.0.1:80', '10.244.1.3:8080', 0);
    await node.look();
    expect(node.ipvs()).toEqual(apiLines);
    expect(addresses(node)).toEqual(['10.96.0.2']);
    expect(sets(node)).not.toContain('10.96.0.1');
    expect(node.programmer.draining()).toBe(0);
  });

  test('as the last one: the set that closes its VIP stays as long as the VIP', async () => {
    const node = await programmedNode([web, otherEndpoint], { allowEmpty: true });
    connect(node.node, 'TCP 10.96.0.1:80', '10.244.1.4:8080', 2);
    await node.remove(web, otherEndpoint);
    expect(node.ipvs()).toEqual([webServer, '-a -t 10.96.0.1:80 -r 10.244.1.4:8080 -m -w 0']);
    expect(sets(node)).toContain('add KUBE-IPVS-IPS 10.96.0.1\n');
    expect((await node.programmer.syncAll()).plan).toEqual([]);
    connect(node.node, 'TCP 10.96.0.1:80', '10.244.1.4:8080', 0);
    await node.look();
    expect(node.ipvs()).toEqual([]);
    expect(sets(node)).toBe('');
  });

  test('leaves nothing behind if it has no connections', async () => {
    const node = await programmedNode(objects);
    await node.remove(web);
    expect(node.ipvs()).toEqual(apiLines);
    expect(addresses(node)).toEqual(['10.96.0.2']);
    expect(sets(node)).not.toContain('10.96.0.1');
  });

  test('does not drain its UDP real servers', async () => {
    const dns = serviceObject('dns', '10.96.0.9', { ports: [{ port: 53, protocol: 'UDP' }] });
    const node = await programmedNode([
      ...objects,
      dns,
      sliceObject('dns', ['10.244.1.9'], { protocol: 'UDP', port: 5353 }),
    ]);
    connect(node.node, 'UDP 10.96.0.9:53', '10.244.1.9:5353', 5);
    await node.remove(dns);
    expect(node.ipvs().join()).not.toContain('10.96.0.9');
    expect(node.programmer.draining()).toBe(0);
  });
});
