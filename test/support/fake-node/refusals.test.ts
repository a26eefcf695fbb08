import { describe, expect, test } from 'vitest';
import { type FakeNode, fakeNode, parse } from './index.js';

/** Runs a command, and returns its exit status with what it printed to stderr. */
async function outcomeOn(node: FakeNode, command: string, input?: string): Promise<string> {
  const argv = command.split(' ');
  const { exitCode, stderr } = await node.run(input === undefined ? { argv } : { argv, input });
  return `${exitCode} ${stderr.trim()}`;
}

describe('the fake node refuses what a kernel refuses:', () => {
  const text = `ipset create A hash:ip
ipset add A 10.0.0.1
iptables -t nat -A OUTPUT -m set --match-set A dst -j ACCEPT`;

  test.each([
    ['ipset destroy A', '1 ipset v7.17: Set cannot be destroyed: it is in use by a kernel component'],
    ['ipset add A 10.0.0.1', "1 ipset v7.17: Element cannot be added to the set: it's already added"],
    ['ipset add B 10.0.0.1', '1 ipset v7.17: The set with the given name does not exist'],
    ['ipset create A hash:ip,port', '1 ipset v7.17: Set cannot be created: set with the same name already exists'],
    ['iptables -w -t nat -A OUTPUT -j NOWHERE', "2 iptables: Couldn't load target `NOWHERE':No such file or directory"],
    ['ipvsadm -D -t 10.0.0.1:80', '255 No such service'],
    ['ipvsadm -a -t 10.0.0.1:80 -r 10.1.0.1:80 -m', '255 Service not defined'],
  ])('%s', async (command, outcome) => {
    expect(await outcomeOn(fakeNode(parse(text)), command)).toBe(outcome);
  });

  test('an entry that is already in a set, except with -exist', async () => {
    expect(await outcomeOn(fakeNode(parse(text)), 'ipset -exist restore', 'add A 10.0.0.1\n')).toBe('0 ');
  });

  test('a rule in a missing chain, with the number of its line', async () => {
    const input = '*nat\n-A NOWHERE -j ACCEPT\nCOMMIT\n';
    expect(await outcomeOn(fakeNode(), 'iptables-restore -w --noflush', input)).toBe(
      '1 iptables-restore v1.8.9: No chain/target/match by that name.\nError occurred at line: 2',
    );
  });

  test('a table without COMMIT, of which nothing is changed', async () => {
    const node = fakeNode();
    const input = '*nat\n:X - [0:0]\n-A X -j ACCEPT\n';
    expect(await outcomeOn(node, 'iptables-restore -w --noflush', input)).toMatch(/^1 .*COMMIT expected/);
    expect(node.kernel.tables.IPv4.get('nat')?.has('X')).toBe(false);
  });

  test('lines of ipvsadm --restore, with the exit status of the last line', async () => {
    const input = '-D -t 10.0.0.1:80\n-A -t 10.0.0.1:80 -s rr\n';
    expect(await outcomeOn(fakeNode(), 'ipvsadm --restore', input)).toBe('0 No such service');
  });

  test('commands about a missing device', async () => {
    expect(await outcomeOn(fakeNode(), 'ip link del kube-ipvs0')).toMatch(/^[12] .*Cannot find device "kube-ipvs0"/);
    const input = 'addr add 10.0.0.1/32 dev nowhere\n';
    expect(await outcomeOn(fakeNode(), 'ip -batch -', input)).toMatch(/Command failed -:1$/);
  });

  test('a file of conntrack that is missing', async () => {
    expect(await outcomeOn(fakeNode(), 'conntrack -R /run/none')).toMatch(/^2 .*Failed to open file/);
  });

  test('a kernel parameter that is missing, while the others are set', async () => {
    const node = fakeNode();
    expect(await outcomeOn(node, 'tee /proc/sys/net/ipv4/none /proc/sys/net/ipv4/ip_forward', '1\n')).toBe(
      '1 tee: /proc/sys/net/ipv4/none: No such file or directory',
    );
    expect(node.kernel.sysctls.get('net/ipv4/ip_forward')).toBe('1');
  });
});
