import type { NodeFacts } from '../node/facts.js';
import { ipvsDevice, type ownSysctlNames, type sysctlNames } from '../node/names.js';
import { conntrackElements, conntrackReasons } from './conntrack-limits.js';
import type { HostElement } from './host-element.js';
import { timeoutElements } from './ipvs-timeouts.js';
import type { ProxyOptions } from './options.js';

export type SysctlName = (typeof ownSysctlNames)[number];

const reasons: Readonly<Record<(typeof sysctlNames)[number], string>> = {
  'net/ipv4/vs/conntrack':
    'Without it IPVS would hide its connections from netfilter, and nothing that it balances could be masqueraded.',
  'net/ipv4/vs/conn_reuse_mode': 'Without it this kernel would delay a client that reuses a port by one second.',
  'net/ipv4/vs/expire_nodest_conn': 'Without it connections to a removed backend would hang instead of ending.',
  'net/ipv4/vs/expire_quiescent_template':
    'Without it a client with session affinity would stay with a backend that takes no new connections.',
  'net/ipv4/ip_forward': 'Without it the node would not forward balanced packets to the Pods.',
  'net/ipv4/conf/all/arp_ignore':
    '--ipvs-strict-arp: Without it this node would answer ARP for VIPs that the link must find elsewhere.',
  'net/ipv4/conf/all/arp_announce':
    '--ipvs-strict-arp: Without it this node would announce VIPs as its own on the link.',
};

/** The packet that goes wrong without each kernel parameter that kproxy may set. */
export const sysctlReasons: Readonly<Record<SysctlName, string>> = { ...reasons, ...conntrackReasons };

const sysctl = (name: SysctlName, value: string): HostElement => ({
  element: { kind: 'sysctl', name, value },
  why: sysctlReasons[name],
});

const ipvsModule: HostElement = {
  element: { kind: 'module', name: 'ip_vs' },
  why: 'Without it the kernel would balance nothing, and would not have the parameters of IPVS.',
};

const conntrack = sysctl('net/ipv4/vs/conntrack', '1');

const device: HostElement = {
  element: { kind: 'link', name: ipvsDevice, type: 'dummy' },
  why:
    'Without it the VIPs would have no device, and the kernel would not treat their packets as local and ' +
    'hand them to IPVS.',
};

/**
 * Kernels from 4.1 to 5.8 delay the next connection from a reused client port by a second if IPVS may reuse it with
 * conntrack (kubernetes/kubernetes#93297).
 */
function needsReuseModeOff(release: string | undefined): boolean {
  const found = /^(\d+)\.(\d+)/.exec(release ?? '');
  if (found === null) return false;
  const version = Number(found[1]) * 1000 + Number(found[2]);
  return version >= 4001 && version < 5009;
}

const reuseModeOff = sysctl('net/ipv4/vs/conn_reuse_mode', '0');

const strictArp: readonly HostElement[] = [
  sysctl('net/ipv4/conf/all/arp_ignore', '1'),
  sysctl('net/ipv4/conf/all/arp_announce', '2'),
];

const fullSysctls = (options: ProxyOptions, facts: NodeFacts): readonly HostElement[] => [
  conntrack,
  ...(needsReuseModeOff(facts.kernelRelease) ? [reuseModeOff] : []),
  sysctl('net/ipv4/vs/expire_nodest_conn', '1'),
  sysctl('net/ipv4/vs/expire_quiescent_template', '1'),
  sysctl('net/ipv4/ip_forward', '1'),
  ...(options.strictArp ? strictArp : []),
  ...conntrackElements(options, facts),
];

/** Returns what every node in IPVS mode needs, however many Services there are. */
export const hostElements = (options: ProxyOptions, facts: NodeFacts): readonly HostElement[] =>
  options.profile === 'tutorial'
    ? [ipvsModule, conntrack, device]
    : [ipvsModule, ...fullSysctls(options, facts), device, ...timeoutElements(options, facts)];
