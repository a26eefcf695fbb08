import { describe, expect, test } from 'vitest';
import { addPods } from '../../src/sandbox/network/build-network.js';
import { type Answer, type Request, request, requests } from '../../src/sandbox/network/request.js';
import type { Topology } from '../../src/sandbox/network/topology.js';
import { tutorialService, tutorialTopology } from '../../src/sandbox/network/tutorial-topology.js';
import { output, useNetwork } from './support/guest.js';

/** Returns `web-inajob saw 10.244.1.1`, or what happened instead. */
function seen(answer: Answer): string {
  return answer.outcome === 'answered' ? `${answer.answeredBy} saw ${answer.seenSource}` : answer.outcome;
}

describe("the tutorial's network", () => {
  const sandbox = useNetwork();
  const ask = async (all: readonly Request[]) => (await requests(sandbox(), all)).map(seen);

  test('its Pods answer every machine and Pod, and see the address of the client', async () => {
    const from = (name: string) =>
      ['10.244.2.2', '10.244.1.3'].map(address => ({ from: name, address, port: 8080 }) satisfies Request);
    expect(await ask(['master', 'inajob', 'yuanying', 'client-inajob', 'web-inajob'].flatMap(from))).toEqual([
      'web-yuanying saw 192.168.33.10',
      'web-inajob saw 192.168.33.10',
      'web-yuanying saw 192.168.33.11',
      'web-inajob saw 10.244.1.1',
      'web-yuanying saw 10.244.2.1',
      'web-inajob saw 192.168.33.12',
      'web-yuanying saw 10.244.1.9',
      'web-inajob saw 10.244.1.9',
      'web-yuanying saw 10.244.1.3',
      'web-inajob saw 10.244.1.3',
    ]);
  });

  test('its Pods answer over IPv6 too', async () => {
    const from = (name: string) =>
      ['fd00:244:2::2', 'fd00:244:1::3'].map(address => ({ from: name, address, port: 8080 }) satisfies Request);
    expect(await ask(['master', 'inajob', 'client-inajob'].flatMap(from))).toEqual([
      'web-yuanying saw fd00:192:168:33::10',
      'web-inajob saw fd00:192:168:33::10',
      'web-yuanying saw fd00:192:168:33::11',
      'web-inajob saw fd00:244:1::1',
      'web-yuanying saw fd00:244:1::9',
      'web-inajob saw fd00:244:1::9',
    ]);
  });

  test('its Pods answer curl', async () => {
    const text = await output(sandbox(), ['curl', '-s', 'http://10.244.1.3:8080/'], { namespace: 'inajob' });
    expect(text).toBe('web-inajob saw 10.244.1.1\n');
  });

  test('a port without a server refuses connections, and an address without a machine does not answer', async () => {
    const to = { from: 'inajob', timeoutMilliseconds: 300 };
    expect(await ask([{ ...to, address: '10.244.2.2', port: 81 }])).toEqual(['refused']);
    expect(await ask([{ ...to, address: '10.244.1.77', port: 8080 }])).toEqual(['timeout']);
    expect(await request(sandbox(), { from: 'master', address: tutorialService.virtualAddress, port: 80 })).toEqual({
      outcome: 'failed',
      reason: 'ENETUNREACH',
    });
    await expect(request(sandbox(), { from: 'nowhere', address: '10.244.2.2', port: 80 })).rejects.toThrow('0 of 1');
  });

  test('further Pods can be added to it', async () => {
    const pod = {
      name: 'web-late',
      node: 'inajob',
      addresses: ['10.244.1.4/24'],
      serves: [{ protocol: 'tcp', port: 8080 }],
    } as const;
    const servers = await addPods(sandbox(), tutorialTopology.nodes, [pod]);
    const late = { from: 'yuanying', address: '10.244.1.4', port: 8080 };
    expect(await ask([late])).toEqual(['web-late saw 192.168.33.12']);
    servers.kill();
    await servers.result;
    expect(await ask([late])).toEqual(['refused']);
  });
});

/** Programs a node by hand with kube-proxy's commands for the tutorial's Service. `local` is the node's own backend. */
function handwritten(local: string) {
  const { virtualAddress, port, targetPort, endpoints } = tutorialService;
  return {
    ipset: [
      'create KUBE-CLUSTER-IP hash:ip,port',
      `add KUBE-CLUSTER-IP ${virtualAddress},tcp:${port}`,
      'create KUBE-LOOP-BACK hash:ip,port,ip',
      `add KUBE-LOOP-BACK ${local},tcp:${targetPort},${local}`,
    ],
    iptables: [
      '*nat',
      ':KUBE-POSTROUTING - [0:0]',
      '-A OUTPUT -m set --match-set KUBE-CLUSTER-IP dst,dst -j MARK --set-xmark 0x4000/0x4000',
      '-A POSTROUTING -j KUBE-POSTROUTING',
      '-A KUBE-POSTROUTING -m set --match-set KUBE-LOOP-BACK dst,dst,src -j MASQUERADE',
      '-A KUBE-POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE',
      'COMMIT',
    ],
    ip: ['link add kube-ipvs0 type dummy', `addr add ${virtualAddress}/32 dev kube-ipvs0`],
    ipvsadm: [
      `-A -t ${virtualAddress}:${port} -s rr`,
      ...endpoints.map(address => `-a -t ${virtualAddress}:${port} -r ${address}:${targetPort} -m`),
    ],
  };
}

describe('nodes of the tutorial that are programmed by hand', () => {
  const sandbox = useNetwork();
  const program = async (namespace: string, local: string) => {
    const lines = handwritten(local);
    const run = (argv: readonly string[], input: readonly string[]) =>
      output(sandbox(), argv, { namespace, input: input.map(line => `${line}\n`).join('') });
    await run(['ipset', 'restore'], lines.ipset);
    await run(['iptables-restore', '--noflush'], lines.iptables);
    await run(['ip', '-batch', '-'], lines.ip);
    await run(['ipvsadm', '--restore'], lines.ipvsadm);
    await sandbox().writeFile('/proc/sys/net/ipv4/vs/conntrack', '1', { namespace });
  };
  const askTwice = async (from: string) => {
    const one = { from, address: tutorialService.virtualAddress, port: 80, timeoutMilliseconds: 500 };
    return (await requests(sandbox(), [one, one])).map(seen).sort();
  };

  test('both backends answer in turn and see the right source', async () => {
    await program('inajob', '10.244.1.3');
    await program('yuanying', '10.244.2.2');
    expect(await askTwice('inajob')).toEqual(['web-inajob saw 10.244.1.1', 'web-yuanying saw 192.168.33.11']);
    expect(await askTwice('yuanying')).toEqual(['web-inajob saw 192.168.33.12', 'web-yuanying saw 10.244.2.1']);
    expect(await askTwice('client-inajob')).toEqual(['web-inajob saw 10.244.1.9', 'web-yuanying saw 10.244.1.9']);
    expect(await askTwice('web-inajob')).toEqual(['web-inajob saw 10.244.1.1', 'web-yuanying saw 10.244.1.3']);
    expect(await askTwice('web-yuanying')).toEqual(['web-inajob saw 10.244.2.2', 'web-yuanying saw 10.244.2.1']);
  });

  test('a Pod does not reach a backend on its own node without bridge-nf-call-iptables', async () => {
    const path = '/proc/sys/net/bridge/bridge-nf-call-iptables';
    await sandbox().writeFile(path, '0', { namespace: 'inajob' });
    expect(await askTwice('client-inajob')).toEqual(['timeout', 'web-yuanying saw 10.244.1.9']);
    await sandbox().writeFile(path, '1', { namespace: 'inajob' });
  });

  test('a backend does not reach itself without a hairpin', async () => {
    const hairpin = (value: string) => ['bridge', 'link', 'set', 'dev', 'web-inajob', 'hairpin', value];
    await output(sandbox(), hairpin('off'), { namespace: 'inajob' });
    expect(await askTwice('web-inajob')).toEqual(['timeout', 'web-yuanying saw 10.244.1.3']);
    await output(sandbox(), hairpin('on'), { namespace: 'inajob' });
  });
});

const everyProtocol = [
  { protocol: 'tcp', port: 8080 },
  { protocol: 'udp', port: 5353 },
  { protocol: 'sctp', port: 9999 },
] as const;

const otherTopology: Topology = {
  nodes: [
    { name: 'node-a', addresses: ['192.0.2.1/24', 'fd00:2::1/64'], podBridge: ['10.1.0.1/24', 'fd00:1::1/64'] },
    { name: 'node-b', addresses: ['192.0.2.2/24', 'fd00:2::2/64'], podBridge: [], serves: everyProtocol },
  ],
  pods: [{ name: 'pod-a', node: 'node-a', addresses: ['10.1.0.5/24', 'fd00:1::5/64'], serves: everyProtocol }],
  clients: [
    {
      name: 'outside',
      addresses: ['192.0.2.99/24', 'fd00:2::99/64'],
      routes: [
        { to: '10.1.0.0/24', via: '192.0.2.1' },
        { to: 'fd00:1::/64', via: 'fd00:2::1' },
      ],
    },
  ],
};

describe('any other network', () => {
  const sandbox = useNetwork(otherTopology);

  test.each(everyProtocol)('serves $protocol to a client outside, over IPv4 and IPv6', async served => {
    const all = ['10.1.0.5', 'fd00:1::5', '192.0.2.2', 'fd00:2::2'].map(address => ({
      from: 'outside',
      address,
      ...served,
    }));
    expect((await requests(sandbox(), all)).map(seen)).toEqual([
      'pod-a saw 192.0.2.99',
      'pod-a saw fd00:2::99',
      'node-b saw 192.0.2.99',
      'node-b saw fd00:2::99',
    ]);
  });

  test.each(everyProtocol)('refuses $protocol on ports without a server', async ({ protocol }) => {
    const answer = await request(sandbox(), { from: 'outside', address: '10.1.0.5', port: 1, protocol });
    expect(answer).toEqual({ outcome: 'refused' });
  });
});
