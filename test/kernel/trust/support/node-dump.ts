import { readFileSync } from 'node:fs';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { output } from '../../support/guest.js';

/** What a node is programmed with, in the words of the tools that read it. */
export interface NodeDump {
  readonly ipset: string;
  readonly iptables: string;
  readonly ip6tables: string;
  /** Of kube-ipvs0, a line each. */
  readonly addresses: string;
  readonly ipvs: string;
  /** `net.ipv4.vs.conntrack = 1`, a line each. */
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

/** A folder with a file of that name for each part, as kube-proxy's states are recorded. */
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

/** What is not the same each time: hash seeds, and the order of sets and of their entries. */
const tidyIpset = (text: string): string =>
  text
    .split(/(?=^create )/m)
    .map(set => {
      const [create = '', ...entries] = set.trimEnd().split('\n');
      return [create.replace(/ bucketsize \d+| initval \w+/g, ''), ...entries.sort()].join('\n');
    })
    .sort()
    .join('\n');
/** Dates and counters. */
const tidyIptables = (text: string): string => text.replace(/^#.*\n/gm, '').replace(/ \[\d+:\d+\]/g, ' [0:0]');
const addressesIn = (text: string): readonly string[] =>
  [...text.matchAll(/inet6? (\S+)/g)].map(([, address]) => address ?? '').sort();

/** The same for the same state, always. */
export async function dumpNode(sandbox: Sandbox, namespace: string): Promise<NodeDump> {
  const read = (...argv: string[]) => output(sandbox, argv, { namespace });
  const { stdout: addresses } = await sandbox.run(['ip', '-o', 'addr', 'show', 'dev', 'kube-ipvs0'], { namespace });
  return {
    ipset: `${tidyIpset(await read('ipset', 'save'))}\n`,
    iptables: tidyIptables(await read('iptables-save')),
    ip6tables: tidyIptables(await read('ip6tables-save')),
    addresses: `${addressesIn(addresses).join('\n')}\n`,
    ipvs: await read('ipvsadm', '-S', '-n'),
    sysctl: await read('sysctl', ...sysctls),
  };
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter(line => line !== '');
const fed = (command: string, text: string): string => `${command} <<'END'\n${text.trimEnd()}\nEND\n`;

/** A setting that another kernel has not is left out. */
const setting = (line: string): string => {
  const [name = '', value = ''] = line.split(' = ');
  const path = `/proc/sys/${name.replaceAll('.', '/')}`;
  return `[ ! -e ${path} ] || echo '${value}' >${path}\n`;
};

/** Takes everything away that a node may be programmed with. */
const emptying = `
modprobe ip_vs
ip link del kube-ipvs0 2>/dev/null || true
ipvsadm -C
for tool in iptables-restore ip6tables-restore; do printf '*nat\nCOMMIT\n*filter\nCOMMIT\n' | $tool -w; done
ipset destroy
`;

/** Puts a dump into a node's kernel in place of what is there. Addresses come last: a VIP works, or is not there. */
export async function restoreDump(sandbox: Sandbox, namespace: string, dump: NodeDump): Promise<void> {
  const addresses = linesOf(dump.addresses).map(address => `addr add ${address} dev kube-ipvs0`);
  const script = [
    emptying,
    ...linesOf(dump.sysctl).map(setting),
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
