import { expect, test } from 'vitest';
import { output, useSandbox } from '../support/guest.js';
import { kproxy, kproxyProgram } from '../support/kproxy.js';
import { newNode } from '../support/parity-node.js';
import { prepareForTraffic } from './support/machines.js';
import { addressOf } from './support/network.js';
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
  expect(seen).toHaveLength(5);
}, 60_000);

/** A shell loop that prints 20,000 flows to Service s1 and its thousand former endpoints, and one to a live one. */
const leftFlows = `
i=0
while [ $i -lt 20000 ]; do
  echo "-I -p udp -s 10.1.$((i / 250)).$((i % 250 + 1)) -d 10.254.0.1 --sport $((10000 + i)) --dport 80" \\
    "-r 10.245.$((i % 1000 / 250)).$((i % 250 + 1)) -q 10.1.$((i / 250)).$((i % 250 + 1))" \\
    "--reply-port-src 5353 --reply-port-dst $((10000 + i)) -t 300 -u SEEN_REPLY"
  i=$((i + 1))
done`;
const flowTo = (address: string, backend: string) =>
  `-I -p udp -s 10.1.0.1 -d ${address} --sport 9000 --dport 80 -r ${backend} -q 10.1.0.1 ` +
  '--reply-port-src 5353 --reply-port-dst 9000 -t 300 -u SEEN_REPLY';

test('20,000 flows to endpoints that are gone are removed with one look, and live and foreign ones stay', async () => {
  await prepareForTraffic(sandbox());
  await sync();
  const backend = addressOf('far-1', '10.254.0.1');
  const others = [
    flowTo('10.254.0.3', backend),
    flowTo('10.254.0.5', '10.245.9.9'),
    flowTo('10.255.0.1', '10.245.9.8'),
  ];
  const prepare = `(${leftFlows}; printf '%s\\n' ${others.map(line => `'${line}'`).join(' ')}) >/tmp/flows`;
  await output(sandbox(), ['sh', '-euc', `${prepare}; conntrack -R /tmp/flows 2>/dev/null`], { namespace: 'many' });
  expect(await output(sandbox(), ['conntrack', '-C'], { namespace: 'many' })).toBe('20003\n');
  const tools = await toolsInTheWay(sandbox(), 'flows', `echo "$call" >>/tmp/calls; exec "$tool" "$@"\n`);
  expect(await tools.kproxy('many', fromStdin('sync'), document)).toMatchObject({
    ...{ stderr: '', exitCode: 0 },
    stdout: expect.stringContaining('0 added, 0 changed, 2 removed'),
  });
  const calls = (await output(sandbox(), ['cat', '/tmp/calls'])).trimEnd().split('\n');
  expect(calls.filter(call => call.startsWith('conntrack'))).toHaveLength(3);
  const left = await output(sandbox(), ['conntrack', '-L', '-p', 'udp'], { namespace: 'many' });
  expect(left.match(/(?<= dst=)10\.25\S+/g)?.sort()).toEqual(['10.254.0.3', '10.255.0.1']);
  expect((await sync()).stdout).toContain('in sync, nothing changed');
}, 60_000);

/** A shell loop that prints 5,000 flows to all UDP Services and their live backend. */
const liveFlows = `
i=0
while [ $i -lt 5000 ]; do
  service=$((i % 160 * 2 + 1))
  echo "-I -p udp -s 10.1.$((i / 250)).$((i % 250 + 1)) -d 10.254.$((service / 256)).$((service % 256))" \\
    "--sport $((10000 + i)) --dport 80 -r $0 -q 10.1.$((i / 250)).$((i % 250 + 1))" \\
    "--reply-port-src 5353 --reply-port-dst $((10000 + i)) -t 300 -u SEEN_REPLY"
  i=$((i + 1))
done`;

test('the flows of 159 UDP Services that go at once are removed with few deletions', async () => {
  await prepareForTraffic(sandbox());
  await sync();
  const [namespace, backend] = ['many', addressOf('far-1', '10.254.0.1')];
  const foreign = flowTo('10.254.0.70', '10.245.9.9');
  const prepare = `(${liveFlows}; echo '${foreign}') >/tmp/flows; conntrack -F; conntrack -R /tmp/flows`;
  await output(sandbox(), ['sh', '-euc', prepare, backend], { namespace });
  const tools = await toolsInTheWay(sandbox(), 'gone', `echo "$call" >>/tmp/gone-calls; exec "$tool" "$@"\n`);
  const kept = ({ name, ports: [port] }: ServiceDescription) => port?.protocol === 'tcp' || name === 's101';
  const { exitCode, stderr } = await tools.kproxy('many', fromStdin('sync'), clusterDocument(services.filter(kept)));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const calls = (await output(sandbox(), ['cat', '/tmp/gone-calls'])).trimEnd().split('\n');
  expect(calls.filter(call => call.startsWith('conntrack')).length).toBeLessThan(20);
  const left = await output(sandbox(), ['conntrack', '-L', '-p', 'udp'], { namespace });
  expect(new Set(left.match(/(?<= dst=)10\.25\S+/g))).toEqual(new Set(['10.254.0.101', '10.254.0.70']));
}, 60_000);
