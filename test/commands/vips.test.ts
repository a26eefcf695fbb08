import { expect, test } from 'vitest';
import { fakeNode, print, runCommand } from '../support/fake-node/index.js';
import { sync } from '../support/run-sync.js';
import { listText, serviceObject } from '../support/sample-objects.js';

const local = '10.96.7.7';
const web = {
  ...serviceObject('web', '10.96.0.10', { type: 'LoadBalancer', externalIPs: [local, '198.51.100.1'] }),
  status: { loadBalancer: { ingress: [{ ip: local }, { ip: '198.51.100.2' }] } },
};

test('a cluster IP is bound even if another device has it, other addresses only if none has them', async () => {
  const node = fakeNode();
  for (const command of [
    'ip link add nodelocaldns type dummy',
    'ip addr add 10.96.0.10/32 dev nodelocaldns',
    `ip addr add ${local}/32 dev nodelocaldns`,
  ])
    runCommand(node.kernel, { argv: command.split(' ') });
  const stdin = listText(web);
  expect(await sync(node, { stdin })).toMatchObject({ exitCode: 0 });
  const text = print(node.kernel);
  expect(text.match(/(?<=addr add )\S+(?= dev kube-ipvs0)/g)).toEqual([
    '10.96.0.10/32',
    '198.51.100.1/32',
    '198.51.100.2/32',
  ]);
  expect(text.match(/(?<=add KUBE-IPVS-IPS )\S+/g)).toEqual(['10.96.0.10', '198.51.100.1', '198.51.100.2']);
  expect(text).toContain(`ipvsadm -A -t ${local}:80`);
  expect(await sync(node, { stdin })).toMatchObject({ stdout: 'node inajob: in sync, nothing changed\n' });
});
