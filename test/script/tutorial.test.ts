import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fakeNode } from '../support/fake-node/index.js';
import { loadBalancerWith } from '../support/load-balancers.js';
import { fixture, type Setting, sync } from '../support/run-sync.js';
import { endpointsObject, listText } from '../support/sample-objects.js';

const script: Setting = { dryRun: true, full: true, script: 'steps' };
const tutorial: Setting = { ...script, proxy: { profile: 'tutorial' } };
const full: Setting = { ...script, proxy: { profile: 'full' } };

async function scriptOf(setting: Setting): Promise<string> {
  const { stdout, exitCode } = await sync(fakeNode(), setting);
  expect(exitCode).toBe(0);
  return stdout;
}

/**
 * The commands of the tutorial as a person types them, and the script that kproxy prints for its profile. Guards are on
 * lines of their own before the commands. `-w` waits for the lock of iptables. The tutorial's author became root
 * midway, so that not all of its commands have sudo.
 */
describe('the script of the tutorial profile', () => {
  const withoutTrimmings = (line: string): string =>
    line
      .trim()
      .replace(/^(echo \S+ \| )?sudo /, '$1')
      .replace(/^(ip6?tables) -w /, '$1 ');

  const isGuard = (line: string): boolean => / \|\|$/.test(line) || /^(if |fi$)/.test(line);
  const isCommand = (line: string): boolean => line !== '' && !/^(#|set -eu|export )/.test(line) && !isGuard(line);

  const typed = readFileSync(fixture('tutorial-commands.sh'), 'utf8').split('\n').filter(Boolean).map(withoutTrimmings);

  const printedCommands = async (): Promise<readonly string[]> =>
    (await scriptOf(tutorial))
      .split('\n')
      .filter(line => isCommand(line.trim()))
      .map(withoutTrimmings);

  test('has all 23 commands', async () => {
    expect(typed).toHaveLength(23);
    expect(await printedCommands()).toEqual(expect.arrayContaining([...typed]));
  });

  test('has them in the order of the tutorial, except real servers, which have no order', async () => {
    const withoutRealServers = (commands: readonly string[]) =>
      commands.filter(line => !line.startsWith('ipvsadm -a') && line !== 'modprobe ip_vs');
    expect(withoutRealServers(await printedCommands())).toEqual(withoutRealServers(typed));
  });

  test('has nothing else except the command that loads the module, which ipvsadm does in the tutorial', async () => {
    expect((await printedCommands()).filter(line => !typed.includes(line))).toEqual(['modprobe ip_vs']);
  });

  test('has sudo where the tutorial has it', async () => {
    const stdout = await scriptOf({ ...tutorial, sudo: true });
    expect(stdout).toContain('sudo ipset create KUBE-CLUSTER-IP hash:ip,port');
    expect(stdout).toContain('echo 1 | sudo tee /proc/sys/net/ipv4/vs/conntrack\n');
  });
});

/** Returns the reason above the first command of a script that contains a text. */
function reasonAbove(text: string, command: string): string {
  const lines = text.split('\n');
  const at = lines.findIndex(line => line.includes(command));
  expect(at, `${command} is in the script`).toBeGreaterThan(0);
  return lines.slice(0, at).findLast(line => line.startsWith('# ') && !line.startsWith('# for ')) ?? '';
}

const legend = '# [+] marks what the tutorial profile does not have.';
const loadBalancer = listText(loadBalancerWith('web', '10.98', 1, 2), endpointsObject('web', ['10.244.1.3']));

describe('without --beside-tutorial', () => {
  test.each([
    ['tutorial', tutorial],
    ['full', full],
    ['full, for a load balancer', { ...full, stdin: loadBalancer }],
  ])('a script has no marks, and its text never names the tutorial: profile %s', async (_, setting) => {
    expect(await scriptOf(setting)).not.toMatch(/\[\+\]|tutorial|chapter/i);
  });
});

describe('with --beside-tutorial', () => {
  test('the head explains the sign', async () => {
    const text = await scriptOf({ ...full, besideTutorial: true });
    expect(text.slice(0, text.indexOf('set -eu')).split('\n')).toContain(legend);
    expect(text.split(legend)).toHaveLength(2);
  });

  test.each([
    ['a set', 'ipset create KUBE-IPVS-IPS'],
    ['an entry', 'ipset add KUBE-IPVS-IPS 10.254.10.128'],
    ['a kernel parameter', 'tee /proc/sys/net/ipv4/ip_forward'],
    ['a chain', 'iptables -w -t filter -N KUBE-IPVS-FILTER'],
    ['a jump', '-I INPUT -m comment --comment "kubernetes ipvs access filter" -j KUBE-IPVS-FILTER'],
    ['a rule of a chain that the tutorial has too', '-A KUBE-SERVICES -s 127.0.0.0/8 -j RETURN'],
    [
      'a rule that differs from the one of the tutorial',
      '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random',
    ],
  ])('%s that the tutorial does not have is marked', async (_, command) => {
    expect(reasonAbove(await scriptOf({ ...full, besideTutorial: true }), command)).toMatch(/^# \[\+\] [A-Z].*\.$/);
  });

  test.each([
    ['the module', 'modprobe ip_vs'],
    ['a set', 'ipset create KUBE-CLUSTER-IP'],
    ['an entry', 'ipset add KUBE-CLUSTER-IP 10.254.10.128,tcp:80'],
    ['a kernel parameter', 'tee /proc/sys/net/ipv4/vs/conntrack'],
    ['a chain', 'iptables -w -t nat -N KUBE-SERVICES'],
    ['a jump', '-I PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES'],
    ['a rule with the same words', '-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT'],
    ['a VIP', 'ip addr add 10.254.10.128 dev kube-ipvs0'],
    ['a virtual server', 'ipvsadm -A -t 10.254.10.128:80'],
    ['a real server', 'ipvsadm -a -t 10.254.10.128:80 -r 10.244.1.3:8080'],
  ])('%s that the tutorial has too is not marked', async (_, command) => {
    expect(reasonAbove(await scriptOf({ ...full, besideTutorial: true }), command)).toMatch(/^# [A-Z].*\.$/);
  });

  test.each([
    ['VIP', 'ip addr add 10.98.1.1 dev kube-ipvs0', 'ip addr add 10.98.0.1 dev kube-ipvs0'],
    ['virtual server', 'ipvsadm -A -t 10.98.1.1:80', 'ipvsadm -A -t 10.98.0.1:80'],
    ['real server', 'ipvsadm -a -t 10.98.1.1:80', 'ipvsadm -a -t 10.98.0.1:80'],
  ])('the %s of a load balancer is marked, and that of its cluster IP is not', async (_, external, internal) => {
    const text = await scriptOf({ ...full, besideTutorial: true, stdin: loadBalancer });
    expect(reasonAbove(text, external)).toMatch(/^# \[\+\] /);
    expect(reasonAbove(text, internal)).toMatch(/^# [A-Z]/);
  });

  test('the marks are all that differs', async () => {
    const marked = await scriptOf({ ...full, besideTutorial: true });
    expect(marked.replace(`${legend}\n`, '').replaceAll('# [+] ', '# ')).toBe(await scriptOf(full));
  });

  test('the script of the tutorial profile itself has no marks', async () => {
    const text = await scriptOf({ ...tutorial, besideTutorial: true });
    expect(text.replace(legend, '')).not.toContain('[+]');
  });
});

test('every reason in the script of the full profile is a whole sentence', async () => {
  const text = await scriptOf({ ...full, stdin: loadBalancer });
  const reasons = text.split('\n').filter(line => /^# (?!==|for )/.test(line));
  expect(reasons.length).toBeGreaterThan(40);
  expect(reasons.filter(line => !/^# (?:[A-Z]|loadBalancerSourceRanges: [A-Z]).*[.)]$/.test(line))).toEqual([]);
});
