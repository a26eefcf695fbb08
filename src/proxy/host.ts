import type { Element } from '../node/element.js';
import type { NodeFacts } from '../node/facts.js';
import { ipvsDevice } from '../node/names.js';
import type { ProxyOptions } from './options.js';

interface HostElement {
  readonly element: Element;
  readonly why: string;
}

const sysctl = (name: string, value: string, why: string): HostElement => ({
  element: { kind: 'sysctl', name, value },
  why,
});

const ipvsModule: HostElement = {
  element: { kind: 'module', name: 'ip_vs' },
  why: 'the kernel would balance nothing, and would not know the parameters of IPVS',
};

const conntrack = sysctl(
  'net/ipv4/vs/conntrack',
  '1',
  'IPVS would hide its connections from netfilter, and nothing it balances could be masqueraded',
);

const device: HostElement = {
  element: { kind: 'link', name: ipvsDevice, type: 'dummy' },
  why: 'the VIPs would have no device to stand on, and the kernel would not take their packets for its own and hand them to IPVS',
};

/** Kernels from 4.1 to 5.8 delay the next connection from a used client port by a second if IPVS may reuse it with conntrack. */
function needsReuseModeOff(release: string | undefined): boolean {
  const found = /^(\d+)\.(\d+)/.exec(release ?? '');
  if (found === null) return false;
  const version = Number(found[1]) * 1000 + Number(found[2]);
  return version >= 4001 && version < 5009;
}

function fullSysctls(options: ProxyOptions, facts: NodeFacts): readonly HostElement[] {
  return [
    conntrack,
    ...(needsReuseModeOff(facts.kernelRelease)
      ? [
          sysctl(
            'net/ipv4/vs/conn_reuse_mode',
            '0',
            'this kernel would hold up a client that reuses a port for one second',
          ),
        ]
      : []),
    sysctl('net/ipv4/vs/expire_nodest_conn', '1', 'connections to a backend that is gone would hang instead of ending'),
    sysctl(
      'net/ipv4/vs/expire_quiescent_template',
      '1',
      'a client with session affinity would stay with a backend that takes no new connections',
    ),
    sysctl('net/ipv4/ip_forward', '1', 'the node would not pass balanced packets on to the Pods'),
    ...(options.strictArp
      ? [
          sysctl(
            'net/ipv4/conf/all/arp_ignore',
            '1',
            '--ipvs-strict-arp: this node would answer for VIPs that the link must find elsewhere',
          ),
          sysctl(
            'net/ipv4/conf/all/arp_announce',
            '2',
            '--ipvs-strict-arp: this node would announce VIPs as its own on the link',
          ),
        ]
      : []),
  ];
}

/** What every node in IPVS mode needs, however many Services there are. */
export const hostElements = (options: ProxyOptions, facts: NodeFacts): readonly HostElement[] =>
  options.profile === 'tutorial'
    ? [ipvsModule, conntrack, device]
    : [ipvsModule, ...fullSysctls(options, facts), device];
