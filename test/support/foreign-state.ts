import { chainNames, ownSetName } from '../../src/node/names.js';
import { type FakeKernel, parse, print } from './fake-node/index.js';

const foreignRules = (program: string): string => `
${program} -t filter -P FORWARD DROP
${program} -t filter -N KUBE-ROUTER-INPUT
${program} -t filter -A KUBE-ROUTER-INPUT -j RETURN
${program} -t filter -A INPUT -p vrrp -m comment --comment "keep \\"alive\\"" -j ACCEPT
${program} -t filter -A INPUT -j KUBE-ROUTER-INPUT
${program} -t filter -A INPUT -j DROP
${program} -t filter -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
${program} -t mangle -P PREROUTING ACCEPT
${program} -t mangle -A PREROUTING -i docker0 -j MARK --set-xmark 0x1/0x1
${program} -t nat -N DOCKER
${program} -t nat -A DOCKER -i docker0 -j RETURN
${program} -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
${program} -t nat -A POSTROUTING ! -o docker0 -j MASQUERADE
`;

const foreignState = `
modprobe ip_vs
ip link add docker0 type bridge
ip addr add 172.17.0.1/16 dev docker0
ip link add dummy0 type dummy
ip addr add 172.31.0.1/32 dev dummy0
ipset create blocklist hash:ip maxelem 1000
ipset add blocklist 203.0.113.66
ipset create KUBE-DST-HTTP hash:ip,port
ipset add KUBE-DST-HTTP 172.31.0.1,tcp:80
ipvsadm -A -t 172.31.0.1:80 -s wlc -p 50
ipvsadm -a -t 172.31.0.1:80 -r 172.20.0.2:80 -g -w 7
ipvsadm -A -u 10.10.0.11:514 -s sh -b sh-port
${foreignRules('iptables')}${foreignRules('ip6tables')}`;

/** Adds what Docker, keepalived and another proxy have on a node: none of it is kproxy's. */
export const addForeignState = (kernel: FakeKernel): void => void parse(foreignState, kernel);

/**
 * Returns the lines of a kernel's text that are not kproxy's. Leaves out modules, sysctls and flows, which belong to
 * all.
 */
export function foreignText(kernel: FakeKernel): string {
  const vips = new Set(kernel.links.get('kube-ipvs0')?.addresses.map(({ address }) => address));
  return print(kernel)
    .split('\n')
    .filter(line => !isOwn(line, vips))
    .join('\n');
}

function isOwn(line: string, vips: ReadonlySet<string>): boolean {
  const [program = '', , ...words] = line.split(' ');
  switch (program) {
    case 'ip':
      return words.includes('kube-ipvs0');
    case 'ipset':
      return ownSetName(words[0] ?? '') !== undefined;
    case 'iptables':
    case 'ip6tables':
      return ownRule.test(line);
    case 'ipvsadm':
      return !line.includes(' 172.31.0.1:80 ') && isOwnServer(line, vips);
    case 'modprobe':
    case 'sysctl':
    case 'conntrack':
      return true;
    default:
      return false;
  }
}

const ownChains = [...new Set(Object.values(chainNames).flat())].join('|');
const ownRule = new RegExp(` -[NA] (${ownChains})( |$)| -j KUBE-(?!ROUTER)`);

/** Services have VIPs, and with node ports and external IPs the node's own addresses too. */
const isOwnServer = (line: string, vips: ReadonlySet<string>): boolean =>
  vips.has(/ -[Aa] \S+ \[?([^\] ]+?)\]?:\d+ /.exec(line)?.[1] ?? '') || /:(53|80|443|300\d\d) -[srp]/.test(line);
