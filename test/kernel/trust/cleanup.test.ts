import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { allCases } from '../../support/all-cases.js';
import { output, useSandbox } from '../support/guest.js';
import { kproxy } from '../support/kproxy.js';
import { defaultCases, newNode, removeNode } from '../support/parity-node.js';

const reference = fileURLToPath(new URL('../../parity/reference/', import.meta.url));
/** Removes the policies of built-in chains, which a restore would set. */
const recorded = (file: string): string =>
  readFileSync(`${reference}all-together/${file}`, 'utf8').replace(/^:[A-Z]+ (ACCEPT|DROP) .*\n/gm, '');
const allTogether = defaultCases.find(({ name }) => name === 'all-together') ?? defaultCases[0];
if (allTogether === undefined) throw new Error('there is no recorded case');

/** Adds what Docker and keepalived have on a node. */
const foreign = `
modprobe ip_vs
ip link add docker0 type bridge; ip addr add 172.17.0.1/16 dev docker0
ip link add vrrp0 type dummy; ip addr add 172.31.0.1/32 dev vrrp0
for i in iptables ip6tables; do
  $i -w -t nat -N DOCKER; $i -w -t nat -A DOCKER -i docker0 -j RETURN
  $i -w -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
  $i -w -t nat -A POSTROUTING ! -o docker0 -j MASQUERADE
  $i -w -N KUBE-ROUTER-INPUT; $i -w -A KUBE-ROUTER-INPUT -j RETURN
  $i -w -A INPUT -m comment --comment 'keep "alive"' -p vrrp -j ACCEPT; $i -w -A INPUT -j KUBE-ROUTER-INPUT
  $i -w -P FORWARD DROP; $i -w -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
done
ipset create blocklist hash:ip maxelem 1000; ipset add blocklist 203.0.113.66
ipset create KUBE-DST-HTTP hash:ip,port; ipset add KUBE-DST-HTTP 172.31.0.1,tcp:80
ipvsadm -A -t 172.31.0.1:80 -s wlc -p 50; ipvsadm -a -t 172.31.0.1:80 -r 172.20.0.2:80 -g -w 7
ipvsadm -A -u 10.10.0.11:514 -s sh -b sh-port; ipvsadm -A -f 5 -s rr`;

/** Returns everything that a node has, except counters and times. */
const everything = `
iptables-save; ip6tables-save; ipset save | sort; ipvsadm -S -n
ip -o link | sed "s/^[0-9]*: //"; ip -o addr | sed "s/^[0-9]*: //"`;

const sandbox = useSandbox({}, async guest => void (await output(guest, ['modprobe', 'ipv6'])));
const shell = (line: string, input = '') => output(sandbox(), ['sh', '-euc', line], { namespace: 'node', input });
const state = async (): Promise<string> =>
  (await shell(everything))
    .split('\n')
    .filter(line => !line.startsWith('#'))
    .join('\n')
    .replace(/ \[\d+:\d+\]/g, '');

const cleanup = (...argv: string[]) => kproxy(sandbox(), 'node', ['cleanup', ...argv]);

/** The kernel's state that kube-proxy left. */
async function restoreKubeProxy(): Promise<void> {
  await shell('ip link add kube-ipvs0 type dummy');
  const addresses = recorded('addresses').trim().split('\n');
  await shell('ip -batch -', addresses.map(address => `addr add ${address} dev kube-ipvs0\n`).join(''));
  await shell('ipset -exist restore', recorded('ipset'));
  await shell('iptables-restore -w --noflush', recorded('iptables'));
  await shell('ip6tables-restore -w --noflush', recorded('ip6tables'));
  await shell('ipvsadm -R', recorded('ipvs'));
}

const programmers = {
  'by kproxy': () =>
    kproxy(sandbox(), 'node', ['sync', '--from', allTogether.from, ...allTogether.options]).then(() => {}),
  'by kube-proxy': restoreKubeProxy,
};
const ways = {
  'kproxy cleanup': async () => {
    expect(await cleanup()).toMatchObject({ exitCode: 0, stderr: '' });
  },
  'its steps script': async () => void (await shell('sh -eu', (await cleanup('--dry-run')).stdout)),
  'its batch script': async () =>
    void (await shell('sh -eu', (await cleanup('--dry-run', '--script', 'batch')).stdout)),
};

/**
 * What kube-proxy leaves has further chains and sets, but no other kinds of elements, so that the scripts have no other
 * kinds of lines for it.
 */
const waysFor = (by: string) =>
  Object.entries(ways).filter(([way]) => allCases || by === 'by kproxy' || way === 'kproxy cleanup');

describe.each(Object.entries(programmers))('a node programmed %s', (by, program) => {
  beforeEach(async () => {
    await newNode(sandbox(), 'node');
    await shell(foreign);
    return async () => void (await removeNode(sandbox(), 'node'));
  });

  test.each(waysFor(by))('%s removes all of it and nothing else', async (_, clean) => {
    const before = await state();
    await program();
    expect(await state()).not.toBe(before);
    await clean();
    expect(await state()).toBe(before);
    expect(await cleanup()).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^node \S+: nothing of kproxy's is left\n$/),
    });
  });
});
