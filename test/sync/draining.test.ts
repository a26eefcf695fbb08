import { describe, expect, test } from 'vitest';
import { runCommand } from '../support/fake-node/index.js';
import { serviceObject } from '../support/sample-objects.js';
import { connect, type KeptNode, type KeptSetting, keptNode, sliceObject } from './support/kept-node.js';

const web = serviceObject('web', '10.96.0.1');
const api = serviceObject('api', '10.96.0.2');
const objects = [web, api, sliceObject('web', ['10.244.1.3', '10.244.1.4']), sliceObject('api', ['10.244.1.5'])];
const onlyOther = sliceObject('web', ['10.244.1.4']);
const apiLines = ['-A -t 10.96.0.2:80 -s rr', '-a -t 10.96.0.2:80 -r 10.244.1.5:8080 -m -w 1'];

const draining = '-a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 0';
const front = '-A -t 10.96.0.1:80 -s rr';
const staying = '-a -t 10.96.0.1:80 -r 10.244.1.4:8080 -m -w 1';

async function busyNode(setting?: KeptSetting, more: readonly object[] = []): Promise<KeptNode> {
  const kept = await keptNode([...objects, ...more], setting);
  connect(kept.node, 'TCP 10.96.0.1:80', '10.244.1.3:8080', 2);
  return kept;
}

const addresses = ({ node }: KeptNode) => node.kernel.links.get('kube-ipvs0')?.addresses.map(({ address }) => address);
const sets = ({ node }: KeptNode) => runCommand(node.kernel, { argv: ['ipset', 'save'] }).stdout;

describe('a TCP real server that goes', () => {
  test('stays at weight 0 while it has connections, and goes when they are closed', async () => {
    const node = await busyNode();
    await node.put(onlyOther);
    expect(node.ipvs()).toEqual([front, draining, staying, ...apiLines]);
    expect(node.kept.draining()).toBe(1);
    expect(await node.processes(node.look)).toEqual([]);
    expect(node.ipvs()).toContain(draining);
    connect(node.node, 'TCP 10.96.0.1:80', '10.244.1.3:8080', 0);
    expect(await node.processes(node.look)).toEqual(['ipvsadm --restore']);
    expect(node.ipvs()).toEqual([front, staying, ...apiLines]);
    expect(node.kept.draining()).toBe(0);
  });

  test('goes at once where nobody is connected', async () => {
    const node = await keptNode(objects);
    await node.put(onlyOther);
    expect(node.ipvs()).toEqual([front, staying, ...apiLines]);
    expect(node.kept.draining()).toBe(0);
  });

  test('comes back at its weight when it is an endpoint again', async () => {
    const node = await busyNode();
    await node.put(onlyOther);
    await node.put(sliceObject('web', ['10.244.1.3', '10.244.1.4']));
    expect(node.ipvs()).toEqual([front, '-a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 1', staying, ...apiLines]);
    expect(node.kept.draining()).toBe(0);
  });

  test('drains on while other Services change, and through a whole sync', async () => {
    const node = await busyNode();
    await node.put(onlyOther);
    await node.put(sliceObject('api', ['10.244.1.6']));
    expect(node.ipvs()).toContain(draining);
    await node.kept.syncAll();
    expect(node.ipvs()).toContain(draining);
    connect(node.node, 'TCP 10.96.0.1:80', '10.244.1.3:8080', 0);
    await node.look();
    expect(node.ipvs()).not.toContain(draining);
  });

  test.each<readonly [string, KeptSetting, readonly object[]]>([
    ['only one namespace is followed', { namespace: 'default' }, []],
    ['another object cannot be used', {}, [serviceObject('bad', '10.96.0.300')]],
  ])('keeps its connections where %s, too', async (_, setting, more) => {
    const node = await busyNode(setting, more);
    await node.put(onlyOther);
    expect(node.ipvs()).toEqual([front, draining, staying, ...apiLines]);
    connect(node.node, 'TCP 10.96.0.1:80', '10.244.1.3:8080', 0);
    await node.look();
    expect(node.ipvs()).toEqual([front, staying, ...apiLines]);
  });
});

describe('a Service that goes', () => {
  test('leaves its virtual server, VIP and closing entry for the last connections, and nothing after them', async () => {
    const node = await busyNode();
    await node.remove(web, onlyOther);
    expect(node.ipvs()).toEqual([front, draining, ...apiLines]);
    expect(addresses(node)).toEqual(expect.arrayContaining(['10.96.0.1', '10.96.0.2']));
    expect(sets(node)).toContain('add KUBE-IPVS-IPS 10.96.0.1\n');
    expect(sets(node)).not.toContain('10.96.0.1,tcp:80');
    connect(node.node, 'TCP 10.96.0.1:80', '10.244.1.3:8080', 0);
    await node.look();
    expect(node.ipvs()).toEqual(apiLines);
    expect(addresses(node)).toEqual(['10.96.0.2']);
    expect(sets(node)).not.toContain('10.96.0.1');
    expect(node.kept.draining()).toBe(0);
  });

  test('the last one too: the set that closes its VIP stays as long as the VIP does', async () => {
    const node = await keptNode([web, onlyOther], { allowEmpty: true });
    connect(node.node, 'TCP 10.96.0.1:80', '10.244.1.4:8080', 2);
    await node.remove(web, onlyOther);
    expect(node.ipvs()).toEqual([front, '-a -t 10.96.0.1:80 -r 10.244.1.4:8080 -m -w 0']);
    expect(sets(node)).toContain('add KUBE-IPVS-IPS 10.96.0.1\n');
    expect((await node.kept.syncAll()).plan).toEqual([]);
    connect(node.node, 'TCP 10.96.0.1:80', '10.244.1.4:8080', 0);
    await node.look();
    expect(node.ipvs()).toEqual([]);
    expect(sets(node)).toBe('');
  });

  test('takes all of it with it where nobody is connected', async () => {
    const node = await keptNode(objects);
    await node.remove(web);
    expect(node.ipvs()).toEqual(apiLines);
    expect(addresses(node)).toEqual(['10.96.0.2']);
    expect(sets(node)).not.toContain('10.96.0.1');
  });

  test('UDP real servers do not drain', async () => {
    const dns = serviceObject('dns', '10.96.0.9', { ports: [{ port: 53, protocol: 'UDP' }] });
    const node = await keptNode([...objects, dns, sliceObject('dns', ['10.244.1.9'], { protocol: 'UDP', port: 5353 })]);
    connect(node.node, 'UDP 10.96.0.9:53', '10.244.1.9:5353', 5);
    await node.remove(dns);
    expect(node.ipvs().join()).not.toContain('10.96.0.9');
    expect(node.kept.draining()).toBe(0);
  });
});
