import type { Family } from '../../src/net/address.js';
import { ownSetName } from '../../src/node/names.js';
import { type FakeKernel, runCommand } from './fake-node/index.js';
import { loadModule } from './fake-node/kernel.js';

const rule = (text: string): readonly string[] => text.split(' ');

function addRules(kernel: FakeKernel, family: Family): void {
  const tables = kernel.tables[family];
  tables.set(
    'mangle',
    new Map([['PREROUTING', { policy: 'ACCEPT', rules: [rule('-i docker0 -j MARK --set-xmark 0x1/0x1')] }]]),
  );
  const nat = tables.get('nat');
  nat?.set('DOCKER', { policy: undefined, rules: [rule('-i docker0 -j RETURN')] });
  nat?.get('PREROUTING')?.rules.push(rule('-m addrtype --dst-type LOCAL -j DOCKER'));
  nat?.get('POSTROUTING')?.rules.push(rule('! -o docker0 -j MASQUERADE'));
  const filter = tables.get('filter');
  filter?.set('KUBE-ROUTER-INPUT', { policy: undefined, rules: [rule('-j RETURN')] });
  filter
    ?.get('INPUT')
    ?.rules.push(
      ['-p', 'vrrp', '-m', 'comment', '--comment', 'keep "alive"', '-j', 'ACCEPT'],
      rule('-j KUBE-ROUTER-INPUT'),
      rule('-j DROP'),
    );
  filter?.set('FORWARD', {
    policy: 'DROP',
    rules: [rule('-o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT')],
  });
}

/** What Docker, keepalived and another proxy have on a node: none of it is kproxy's. */
export function addForeignState(kernel: FakeKernel): void {
  loadModule(kernel, 'ip_vs');
  addRules(kernel, 'IPv4');
  addRules(kernel, 'IPv6');
  kernel.links.set('docker0', { type: 'bridge', addresses: [{ address: '172.17.0.1', prefix: 16 }] });
  kernel.links.set('dummy0', { type: 'dummy', addresses: [{ address: '172.31.0.1', prefix: 32 }] });
  kernel.sets.set('blocklist', { type: 'hash:ip', family: 'IPv4', maximum: 1000, entries: new Set(['203.0.113.66']) });
  kernel.sets.set('KUBE-DST-HTTP', {
    type: 'hash:ip,port',
    family: 'IPv4',
    maximum: undefined,
    entries: new Set(['172.31.0.1,tcp:80']),
  });
  for (const argv of [
    ['-A', '-t', '172.31.0.1:80', '-s', 'wlc', '-p', '50'],
    ['-a', '-t', '172.31.0.1:80', '-r', '172.20.0.2:80', '-g', '-w', '7'],
    ['-A', '-u', '10.10.0.11:514', '-s', 'sh', '-b', 'sh-port'],
  ])
    runCommand(kernel, { argv: ['ipvsadm', ...argv] });
}

/** All of the node that is not kproxy's, in the tools' own words. */
export function foreignText(kernel: FakeKernel): string {
  const print = (...argv: string[]) => runCommand(kernel, { argv }).stdout.split('\n');
  const isOwnRule = (line: string) => ownChain.test(line);
  const vips = new Set(kernel.links.get('kube-ipvs0')?.addresses.map(({ address }) => address));
  // Services stand on VIPs, and with node ports and external IPs on the node's own addresses.
  const isOwnServer = (line: string) =>
    vips.has(/^-[Aa] \S+ \[?([^\] ]+?)\]?:\d+ /.exec(line)?.[1] ?? '') || /:(53|80|443|300\d\d) -[srp]/.test(line);
  const links = [...kernel.links].filter(([name]) => name !== 'kube-ipvs0');
  return [
    ...print('iptables-save').filter(line => !isOwnRule(line)),
    ...print('ip6tables-save').filter(line => !isOwnRule(line)),
    ...print('ipset', 'save').filter(line => ownSetName(line.split(' ')[1] ?? '') === undefined),
    ...print('ipvsadm', '-S', '-n').filter(line => line.includes(' 172.31.0.1:80 ') || !isOwnServer(line)),
    JSON.stringify(links),
  ].join('\n');
}

const ownChain =
  /^:KUBE-(MARK-MASQ|POSTROUTING|SERVICES|NODE-PORT|LOAD-BALANCER|FORWARD|PROXY-FIREWALL|SOURCE-RANGES-FIREWALL|IPVS-FILTER|IPVS-OUT-FILTER) |^-A KUBE-(?!ROUTER)| -j KUBE-(?!ROUTER)/;
