import { readFileSync } from 'node:fs';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { output, outputs } from '../../support/guest.js';

/** The state of a node in the words of the tools that read it. */
export interface NodeDump {
  readonly ipset: string;
  readonly iptables: string;
  readonly ip6tables: string;
  /** The addresses of kube-ipvs0, one a line. */
  readonly addresses: string;
  readonly ipvs: string;
  /** `net.ipv4.vs.conntrack = 1`, one a line. */
  readonly sysctl: string;
}

const sysctls = [
  'net.ipv4.ip_forward',
  'net.ipv4.vs.conntrack',
  'net.ipv4.vs.conn_reuse_mode',
  'net.ipv4.vs.expire_nodest_conn',
  'net.ipv4.vs.expire_quiescent_template',
  'net.ipv4.conf.all.arp_ignore',
  'net.ipv4.conf.all.arp_announce',
];

/** Reads a folder with one file for each part, in which kube-proxy's states are recorded. */
export function readDump(folder: string): NodeDump {
  const read = (name: keyof NodeDump) => readFileSync(`${folder}/${name}`, 'utf8');
  return {
    ipset: read('ipset'),
    iptables: read('iptables'),
    ip6tables: read('ip6tables'),
    addresses: read('addresses'),
    ipvs: read('ipvs'),
    sysctl: read('sysctl'),
  };
}

/** Removes hash seeds and sorts sets and their entries, which differ each time. */
const tidyIpset = (text: string): string =>
  text
    .split(/(?=^create )/m)
    .map(set => {
      const [create = '', ...entries] = set.trimEnd().split('\n');
      return [create.replace(/ bucketsize \d+| initval \w+/g, ''), ...entries.sort()].join('\n');
    })
    .sort()
    .join('\n');
/** Removes dates and counters. */
const tidyIptables = (text: string): string => text.replace(/^#.*\n/gm, '').replace(/ \[\d+:\d+\]/g, ' [0:0]');
const addressesIn = (text: string): readonly string[] =>
  [...text.matchAll(/inet6? (\S+)/g)].map(([, address]) => address ?? '').sort();

const reading = [
  'ipset save',
  'iptables-save',
  'ip6tables-save',
  'ip -o addr show dev kube-ipvs0 2>/dev/null || true',
  'ipvsadm -S -n',
  `sysctl ${sysctls.join(' ')}`,
];

/** Returns a text that is equal for equal states. */
export async function dumpNode(sandbox: Sandbox, namespace: string): Promise<NodeDump> {
  const texts = await outputs(sandbox, reading, { namespace });
  const [ipset = '', iptables = '', ip6tables = '', addresses = '', ipvs = '', sysctl = ''] = texts;
  return {
    ipset: `${tidyIpset(ipset)}\n`,
    iptables: tidyIptables(iptables),
    ip6tables: tidyIptables(ip6tables),
    addresses: `${addressesIn(addresses).join('\n')}\n`,
    ipvs,
    sysctl,
  };
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter(line => line !== '');
const fed = (command: string, text: string): string => `${command} <<'END'\n${text.trimEnd()}\nEND\n`;

/** Leaves out settings that this kernel does not have. */
const setting = (line: string): string => {
  const [name = '', value = ''] = line.split(' = ');
  const path = `/proc/sys/${name.replaceAll('.', '/')}`;
  return `[ ! -e ${path} ] || echo '${value}' >${path}\n`;
};

/** Removes everything that a proxy may have programmed on a node. */
const emptying = `
modprobe ip_vs
ip link del kube-ipvs0 2>/dev/null || true
ipvsadm -C
for tool in iptables-restore ip6tables-restore; do printf '*nat\nCOMMIT\n*filter\nCOMMIT\n' | $tool -w; done
ipset destroy
`;

/** What kube-proxy sets of conntrack by default, which dumps are without. */
const conntrackDefaults = `
net.netfilter.nf_conntrack_tcp_timeout_established = 86400
net.netfilter.nf_conntrack_tcp_timeout_close_wait = 3600
`;

/** Replaces a node's state by a dump. Addresses are added last, so that a VIP works or is missing. */
export async function restoreDump(sandbox: Sandbox, namespace: string, dump: NodeDump): Promise<void> {
  const addresses = linesOf(dump.addresses).map(address => `addr add ${address} dev kube-ipvs0`);
  const script = [
    emptying,
    ...linesOf(dump.sysctl + conntrackDefaults).map(setting),
    fed('ipset restore', dump.ipset),
    fed('iptables-restore -w', dump.iptables),
    fed('ip6tables-restore -w', dump.ip6tables),
    fed('ipvsadm -R', dump.ipvs),
    ...(addresses.length === 0
      ? []
      : [fed('ip -batch -', ['link add kube-ipvs0 type dummy', ...addresses].join('\n'))]),
  ];
  await output(sandbox, ['sh', '-eu'], { namespace, input: script.join('') });
}
