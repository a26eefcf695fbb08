import { expect, test } from 'vitest';
import { output, useSandbox } from './support/guest.js';
import { kproxyProgram } from './support/kproxy.js';
import { newNode } from './support/parity-node.js';
import { eventually } from './support/processes.js';
import { node as nodeName } from './trust/support/network.js';
import { clusterDocument, type ServiceDescription } from './trust/support/services.js';

/** The network namespace. The cluster's Nodes have other names. */
const node = 'watching';
const sandbox = useSandbox({}, async guest => {
  await output(guest, ['modprobe', 'ipv6']);
  await newNode(guest, node);
});

const web: ServiceDescription = {
  name: 'web',
  clusterIps: ['10.254.0.1'],
  ports: [{ protocol: 'tcp', port: 80 }],
  backends: ['far-1'],
};
const api: ServiceDescription = { ...web, name: 'api', clusterIps: ['10.254.0.2'] };

const file = '/tmp/cluster.json';
/** Replaces a file at once, so that no reader sees half of it. */
async function replaceFile(...services: readonly ServiceDescription[]): Promise<void> {
  await sandbox().writeFile(`${file}.new`, clusterDocument(services));
  await output(sandbox(), ['mv', `${file}.new`, file]);
}

const virtualServers = async (): Promise<readonly string[]> => {
  const saved = await output(sandbox(), ['ipvsadm', '-S', '-n'], { namespace: node });
  return [...saved.matchAll(/^-A -t (\S+)/gm)].map(([, address = '']) => address).sort();
};
const eventuallyServes = async (...expected: readonly string[]): Promise<void> =>
  expect(await eventually(virtualServers, seen => seen.join() === expected.join())).toEqual(expected);

/** Returns what the program answers on its own address. */
const ask = (address: string): Promise<string> =>
  output(
    sandbox(),
    [process.execPath, '-e', `fetch('http://${address}').then(answer => answer.text()).then(console.log)`],
    { namespace: node },
  );

test('the built program follows a file that is replaced, reports its health, and ends on a signal', async () => {
  await replaceFile(web);
  const argv = ['sync', '--watch', '--from', file, '--node', nodeName, '--cluster-cidr', '10.244.0.0/16'];
  const watch = sandbox().start([process.execPath, kproxyProgram, ...argv], { namespace: node });
  await eventuallyServes('10.254.0.1:80');
  await replaceFile(web, api);
  await eventuallyServes('10.254.0.1:80', '10.254.0.2:80');
  expect(await ask('127.0.0.1:10256/livez')).toContain('lastUpdated');
  const metrics = await ask('127.0.0.1:10249/metrics');
  // The new Service has IPv4 only.
  const syncs = metrics.match(/^kubeproxy_sync_(full|partial)_proxy_rules_duration_seconds_count.*/gm);
  expect(syncs).toEqual([
    'kubeproxy_sync_full_proxy_rules_duration_seconds_count{ip_family="IPv4"} 1',
    'kubeproxy_sync_full_proxy_rules_duration_seconds_count{ip_family="IPv6"} 1',
    'kubeproxy_sync_partial_proxy_rules_duration_seconds_count{ip_family="IPv4"} 1',
  ]);
  expect(metrics).toMatch(/^process_resident_memory_bytes [1-9]/m);
  watch.kill('SIGTERM');
  const { exitCode, stdout, stderr } = await watch.result;
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  expect(stderr).toMatch(/stopped; the node stays programmed\n$/);
  expect(await virtualServers()).toEqual(['10.254.0.1:80', '10.254.0.2:80']);
}, 60_000);

/** A Service of 40 kB that asks for a million virtual servers. */
const hostile = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'hostile', namespace: 'shop' },
  spec: {
    clusterIP: '10.254.9.9',
    ports: Array.from({ length: 1_000 }, (_, index) => ({ name: `p${index}`, port: index + 1, protocol: 'TCP' })),
    externalIPs: Array.from({ length: 1_000 }, (_, index) => `198.51.${Math.floor(index / 250)}.${(index % 250) + 1}`),
  },
};

test('beside a Service that asks for a million, others are served, probes answered and signals heard', async () => {
  const document = (...services: readonly ServiceDescription[]): string => {
    const list = JSON.parse(clusterDocument(services)) as { readonly items: readonly object[] };
    return JSON.stringify({ ...list, items: [hostile, ...list.items] });
  };
  const replace = async (text: string): Promise<void> => {
    await sandbox().writeFile(`${file}.new`, text);
    await output(sandbox(), ['mv', `${file}.new`, file]);
  };
  const ofOthers = async () => (await virtualServers()).filter(server => /^10\.254\.0\./.test(server));
  await output(sandbox(), ['ipvsadm', '-C'], { namespace: node });
  await replace(document(web));
  const argv = ['sync', '--watch', '--from', file, '--node', nodeName, '--cluster-cidr', '10.244.0.0/16'];
  const watch = sandbox().start([process.execPath, kproxyProgram, ...argv], { namespace: node });
  expect(await eventually(ofOthers, seen => seen.length === 1)).toEqual(['10.254.0.1:80']);
  await replace(document(web, api));
  expect(await eventually(ofOthers, seen => seen.length === 2)).toEqual(['10.254.0.1:80', '10.254.0.2:80']);
  expect(await ask('127.0.0.1:10256/healthz')).toContain('"healthy":true');
  watch.kill('SIGTERM');
  const { exitCode, stderr } = await watch.result;
  expect(exitCode).toBe(0);
  expect(stderr).toContain('Service shop/hostile: asks for more than 100000 elements of this node');
  expect(stderr).toMatch(/stopped; the node stays programmed\n$/);
}, 120_000);
