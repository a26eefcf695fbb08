import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fakeNode } from '../support/fake-node/index.js';
import { fixture, type Setting, sync } from '../support/run-sync.js';

/*
 * The commands of the workshop's chapter, as a person types them, and the script that kproxy prints for its profile. Guards stand on lines
 * of their own before the commands; whoever waits for the lock of iptables says so with -w; sudo stands where the chapter's author was not root yet.
 */
const tutorial: Setting = { dryRun: true, full: true, script: 'steps', proxy: { profile: 'tutorial' } };

const withoutTrimmings = (line: string): string =>
  line
    .trim()
    .replace(/^(echo \S+ \| )?sudo /, '$1')
    .replace(/^(ip6?tables) -w /, '$1 ');

const isGuard = (line: string): boolean => / \|\|$/.test(line) || /^(if |fi$)/.test(line);
const isCommand = (line: string): boolean => line !== '' && !/^(#|set -eu|export )/.test(line) && !isGuard(line);

const chapterCommands = readFileSync(fixture('chapter-commands.sh'), 'utf8').split('\n').filter(Boolean);

async function printedCommands(setting: Setting): Promise<readonly string[]> {
  const { stdout } = await sync(fakeNode(), setting);
  return stdout
    .split('\n')
    .filter(line => isCommand(line.trim()))
    .map(withoutTrimmings);
}

test('all 23 commands are in the script', async () => {
  expect(chapterCommands).toHaveLength(23);
  for (const command of chapterCommands) expect(await printedCommands(tutorial)).toContain(withoutTrimmings(command));
});

test('in the chapter’s order; the real servers of a virtual server have none', async () => {
  const withoutRealServers = (commands: readonly string[]) => commands.filter(line => !line.startsWith('ipvsadm -a'));
  const printed = withoutRealServers(await printedCommands(tutorial)).filter(line => line !== 'modprobe ip_vs');
  const chapter = withoutRealServers(chapterCommands).map(withoutTrimmings);
  expect(printed).toEqual(chapter);
});

test('and nothing else but what loads the module, for which the chapter has ipvsadm', async () => {
  const chapter = chapterCommands.map(withoutTrimmings);
  expect((await printedCommands(tutorial)).filter(line => !chapter.includes(line))).toEqual(['modprobe ip_vs']);
});

test('with sudo it reads as in the chapter', async () => {
  const { stdout } = await sync(fakeNode(), { ...tutorial, sudo: true });
  expect(stdout).toContain('sudo ipset create KUBE-CLUSTER-IP hash:ip,port');
  expect(stdout).toContain('echo 1 | sudo tee /proc/sys/net/ipv4/vs/conntrack\n');
});

test('the full profile says where it goes beyond the chapter', async () => {
  const { stdout } = await sync(fakeNode(), { ...tutorial, proxy: { profile: 'full' } });
  const lines = stdout.split('\n');
  const reasonAbove = (command: string) => {
    const at = lines.findIndex(line => line.includes(command));
    return lines.slice(0, at).findLast(line => line.startsWith('# ') && !line.startsWith('# for '));
  };
  expect(reasonAbove('ipset create KUBE-IPVS-IPS')).toMatch(/^# Beyond the chapter/);
  expect(reasonAbove('tee /proc/sys/net/ipv4/ip_forward')).toMatch(/^# Beyond the chapter/);
  expect(reasonAbove('ipset create KUBE-CLUSTER-IP')).toMatch(/^# Without it /);
  expect(reasonAbove('ipvsadm -A -t 10.254.10.128:80')).toMatch(/^# Without it nothing would balance/);
});
