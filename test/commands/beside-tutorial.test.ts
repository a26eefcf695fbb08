import { describe, expect, test } from 'vitest';
import { fakeNode } from '../support/fake-node/index.js';
import { type Setting, sync } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';

const web = {
  ...serviceObject('web', '10.96.0.1', { type: 'LoadBalancer' }),
  status: { loadBalancer: { ingress: [{ ip: '198.51.100.1' }] } },
};
const stdin = listText(web, endpointsObject('web', ['10.244.1.3']));

const scriptOf = async (setting: Setting): Promise<string> => {
  const { stdout, stderr, exitCode } = await sync(fakeNode(), { stdin, dryRun: true, full: true, ...setting });
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return stdout;
};

const mark = '# [+] ';
const legend = '# [+] marks what the tutorial profile does not have.';

/** Returns true if the reason above the first line with this command has a mark. */
function isMarked(script: string, command: string): boolean {
  const lines = script.split('\n');
  const at = lines.findIndex(line => line.includes(command));
  expect(at, command).toBeGreaterThan(0);
  const reason = lines.slice(0, at).findLast(line => line.startsWith('# ') && !line.startsWith('# for '));
  return reason?.startsWith(mark) ?? false;
}

describe('sync --dry-run --beside-tutorial', () => {
  test('has a legend in the head of the script', async () => {
    const [head = ''] = (await scriptOf({ besideTutorial: true })).split('\n\n');
    expect(head.split('\n')).toContain(legend);
  });

  test.each([
    'modprobe ip_vs',
    '/proc/sys/net/ipv4/vs/conntrack',
    'ip link add kube-ipvs0',
    'ipset create KUBE-CLUSTER-IP',
    'ipset add KUBE-CLUSTER-IP 10.96.0.1,tcp:80',
    'ip addr add 10.96.0.1 dev',
    'ipvsadm -A -t 10.96.0.1:80',
    'ipvsadm -a -t 10.96.0.1:80 -r 10.244.1.3:8080',
    'iptables -w -t nat -N KUBE-SERVICES',
    '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
    '-I PREROUTING -m comment',
  ])('does not mark what the tutorial has: %s', async command => {
    expect(isMarked(await scriptOf({ besideTutorial: true }), command)).toBe(false);
  });

  test.each([
    ['a kernel parameter', '/proc/sys/net/ipv4/ip_forward'],
    ['a set', 'ipset create KUBE-IPVS-IPS'],
    ['an entry', 'ipset add KUBE-LOAD-BALANCER 198.51.100.1,tcp:80'],
    ['the VIP of a load balancer', 'ip addr add 198.51.100.1 dev'],
    ['the virtual server of a load balancer', 'ipvsadm -A -t 198.51.100.1:80'],
    ['a real server of a load balancer', 'ipvsadm -a -t 198.51.100.1:80 -r 10.244.1.3:8080'],
    ['a chain', 'iptables -w -t filter -N KUBE-IPVS-FILTER'],
    ['a jump', '-I INPUT -m comment'],
  ])('marks %s that the tutorial does not have', async (_, command) => {
    expect(isMarked(await scriptOf({ besideTutorial: true }), command)).toBe(true);
  });

  test('marks the rules of a chain by their words', async () => {
    const script = await scriptOf({ besideTutorial: true });
    expect(isMarked(script, '-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT')).toBe(false);
    expect(isMarked(script, '-A KUBE-SERVICES -m set --match-set KUBE-LOAD-BALANCER dst,dst -j ACCEPT')).toBe(true);
    expect(isMarked(script, '-A KUBE-SERVICES -s 127.0.0.0/8 -j RETURN')).toBe(true);
  });

  test('marks nothing in a script for the tutorial profile', async () => {
    const script = await scriptOf({ besideTutorial: true, proxy: { profile: 'tutorial' } });
    expect(script.split('\n').filter(line => line.startsWith(mark))).toEqual([legend]);
  });

  test('changes nothing but the comments', async () => {
    const commandsOf = (script: string) => script.split('\n').filter(line => !line.startsWith('#'));
    expect(commandsOf(await scriptOf({ besideTutorial: true }))).toEqual(commandsOf(await scriptOf({})));
  });

  test('marks what is missing on a node that was programmed with the tutorial profile', async () => {
    const node = fakeNode();
    await sync(node, { stdin, proxy: { profile: 'tutorial' } });
    const { stdout } = await sync(node, { stdin, dryRun: true, besideTutorial: true });
    expect(isMarked(stdout, 'ip addr add 198.51.100.1 dev')).toBe(true);
    expect(stdout).not.toContain('ip addr add 10.96.0.1 dev');
    // The chain is changed, and the tutorial has it too.
    expect(isMarked(stdout, 'KUBE-POSTROUTING')).toBe(false);
  });
});

test.each<readonly [string, Setting]>([
  ['steps', { script: 'steps' }],
  ['batch', { script: 'batch' }],
  ['steps of the tutorial', { script: 'steps', proxy: { profile: 'tutorial' } }],
])('without --beside-tutorial a script has no marks, and no word of the tutorial (%s)', async (_, setting) => {
  const script = await scriptOf(setting);
  expect(script).not.toContain('[+]');
  expect(script).not.toMatch(/tutorial|chapter/i);
});
