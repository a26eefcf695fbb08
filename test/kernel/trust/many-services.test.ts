import { expect, test } from 'vitest';
import { output, useSandbox } from '../support/guest.js';
import { kproxy, kproxyProgram } from '../support/kproxy.js';
import { newNode } from '../support/parity-node.js';
import { clusterDocument, fromStdin, type ServiceDescription } from './support/services.js';
import { toolsInTheWay } from './support/tools-in-the-way.js';

const sandbox = useSandbox({}, async guest => {
  await output(guest, ['modprobe', 'ipv6']);
  await newNode(guest, 'many');
});

/** Enough that kproxy hides /etc from ipset, which then prints the protocols of their entries as numbers. */
const services: readonly ServiceDescription[] = Array.from({ length: 320 }, (_, index) => ({
  name: `s${index}`,
  clusterIps: [`10.254.${index >> 8}.${index & 255}`],
  ports: [{ protocol: index % 2 === 0 ? 'tcp' : 'udp', port: 80 }],
  backends: ['far-1'],
}));
const document = clusterDocument(services);
const sync = () => kproxy(sandbox(), 'many', fromStdin('sync'), document);
const save = async () => (await output(sandbox(), ['ipset', 'save'], { namespace: 'many' })).split('\n').sort();

test('the sets of many Services are read and repaired, whether kproxy may hide /etc from ipset or not', async () => {
  const mounts = await output(sandbox(), ['cat', '/proc/mounts']);
  expect(await sync()).toMatchObject({ stderr: '', exitCode: 0 });
  const whole = await save();
  expect(whole).toContain('add KUBE-CLUSTER-IP 10.254.1.1,udp:80');
  expect((await sync()).stdout).toContain('in sync, nothing changed');
  const damage = 'ipset del KUBE-CLUSTER-IP 10.254.1.1,udp:80; ipset add KUBE-CLUSTER-IP 192.0.2.1,udp:53';
  await output(sandbox(), ['sh', '-euc', damage], { namespace: 'many' });
  const seen = await kproxy(sandbox(), 'many', fromStdin('diff'), document);
  expect(seen.stdout).toContain('+ entry 10.254.1.1,udp:80 in KUBE-CLUSTER-IP');
  expect(seen.stdout).toContain('- entry 192.0.2.1,udp:53 in KUBE-CLUSTER-IP');
  const mayNotMount = ['setpriv', '--bounding-set', '-sys_admin', process.execPath, kproxyProgram];
  const again = await sandbox().run([...mayNotMount, ...fromStdin('diff')], { namespace: 'many', input: document });
  expect(again).toEqual(seen);
  expect(await sync()).toMatchObject({ stderr: '', exitCode: 0 });
  expect(await save()).toEqual(whole);
  expect(await output(sandbox(), ['cat', '/proc/mounts'])).toBe(mounts);
}, 60_000);

test('ipset finds no protocol names while it saves the sets of many Services, and other tools do', async () => {
  await sync();
  const record = '/tmp/names';
  const script = `echo "$call: $(getent protocols tcp || echo none)" >>${record}; exec "$tool" "$@"\n`;
  const tools = await toolsInTheWay(sandbox(), 'names', script);
  expect(await tools.kproxy('many', fromStdin('sync'), document)).toMatchObject({ stderr: '', exitCode: 0 });
  const seen = (await output(sandbox(), ['cat', record])).trimEnd().split('\n');
  expect(seen.filter(line => line.startsWith('ipset save:'))).toEqual(['ipset save: none']);
  expect(seen.filter(line => !line.startsWith('ipset save:')).every(line => /: tcp +6 TCP$/.test(line))).toBe(true);
  expect(seen).toHaveLength(4);
}, 60_000);
