import { expect, test } from 'vitest';
import { causeOf } from '../../../src/explain/cause/cause-of.js';
import type { Cause } from '../../../src/explain/explanation.js';
import type { Protocol } from '../../../src/net/protocol.js';
import { clusterFrom } from '../../support/parity-case.js';
import { endpointsObject, listText } from '../../support/sample-objects.js';
import { causeInput, damagedNode, nodes, programmedText, vip } from '../support/damaged-node.js';
import { withChain } from '../support/edits.js';

const cluster = clusterFrom(
  listText(
    ...nodes,
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { type: 'NodePort', clusterIP: vip, ports: [{ port: 80, nodePort: 30080 }] },
    },
    endpointsObject('web', ['10.244.1.3']),
  ),
);

async function cause(address: string, port: number, protocol: Protocol = 'TCP'): Promise<Cause | undefined> {
  const asked = { address, port, protocol, servicePort: undefined, kind: 'address' } as const;
  return causeOf(await causeInput(damagedNode(await programmedText(cluster)), 'client-inajob', asked, cluster));
}

test('the address of a Service with another port', async () => {
  expect(await cause(vip, 8080)).toMatchObject({
    summary: `No Service has the port TCP 8080 at ${vip}.`,
    nearMisses: [`${vip} is the cluster IP of default/web, which has TCP 80.`],
    commands: [],
  });
});

test('the port of a Service in another protocol', async () => {
  expect(await cause(vip, 80, 'UDP')).toMatchObject({
    summary: `No Service has the port UDP 80 at ${vip}.`,
    nearMisses: [`${vip} is the cluster IP of default/web, which has TCP 80.`],
  });
});

test('the port of a Service at an address of the node', async () => {
  expect(await cause('192.168.33.11', 80)).toMatchObject({
    summary: 'No Service has the node port TCP 80.',
    nearMisses: ['The node port of default/web is TCP 30080.'],
  });
});

test('a node port that no Service has', async () => {
  expect((await cause('192.168.33.11', 31000))?.nearMisses).toEqual(['Node ports are TCP 30080 (default/web).']);
});

test('an address that nearly is that of a Service', async () => {
  const asked = { address: '10.254.10.12', port: 80, servicePort: undefined, kind: 'address' } as const;
  const node = damagedNode(await programmedText(cluster), datapath => ({
    ...datapath,
    routes: datapath.routes.filter(({ destination }) => destination !== '0.0.0.0/0'),
  }));
  expect(causeOf(await causeInput(node, 'client-inajob', asked, cluster))).toMatchObject({
    summary: 'No Service has the address 10.254.10.12.',
    nearMisses: [`${vip} is the cluster IP of default/web.`],
  });
});

test('a rule of other software is the cause even at an address that no Service has', async () => {
  const asked = { address: '192.168.33.11', port: 9100, servicePort: undefined, kind: 'address' } as const;
  const node = damagedNode(await programmedText(cluster), datapath =>
    withChain(datapath, 'filter', 'INPUT', chain => ({ ...chain, rules: [...chain.rules, { argv: ['-j', 'DROP'] }] })),
  );
  expect(causeOf(await causeInput(node, 'outside', asked, cluster))?.summary).toContain('drops the packet (-j DROP)');
});

const closed = clusterFrom(
  listText(
    ...nodes,
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        type: 'LoadBalancer',
        clusterIP: vip,
        ports: [{ port: 80, nodePort: 30080 }],
        loadBalancerSourceRanges: ['203.0.113.0/24'],
      },
      status: { loadBalancer: { ingress: [{ ip: '198.51.100.1' }] } },
    },
    endpointsObject('web', ['10.244.1.3']),
  ),
);

test('a client outside of the source ranges, which are named', async () => {
  const asked = { address: '198.51.100.1', servicePort: 'default/web', kind: 'load balancer' } as const;
  const node = damagedNode(await programmedText(closed));
  expect(causeOf(await causeInput(node, 'outside', asked, closed))).toMatchObject({
    summary: expect.stringContaining('drops the packet'),
    why: 'The loadBalancerSourceRanges of the Service do not contain the client.',
    nearMisses: ['default/web is open to 203.0.113.0/24.'],
    commands: [],
  });
});
