import type { Facts, ToolFact } from '../../src/doctor/facts.js';
import { neededAccess } from '../../src/doctor/needed-access.js';
import { trialsFor } from '../../src/doctor/trials.js';

const versions = {
  ip: 'ip utility, iproute2-6.1.0, libbpf 1.1.2',
  ipset: 'ipset v7.17, protocol version: 7',
  'iptables-save': 'iptables-save v1.8.9 (nf_tables)',
  'iptables-restore': 'iptables-restore v1.8.9 (nf_tables)',
  'ip6tables-save': 'ip6tables-save v1.8.9 (nf_tables)',
  'ip6tables-restore': 'ip6tables-restore v1.8.9 (nf_tables)',
  ipvsadm: 'ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)',
  modprobe: 'kmod version 30',
  conntrack: 'conntrack v1.4.7 (conntrack-tools)',
} as const;

export type ToolName = keyof typeof versions;

const toolFact = (name: string, version: string): ToolFact => ({
  name,
  version: { is: 'read', value: version },
  isMissing: false,
});

export const now = Date.UTC(2026, 10, 23);

/** All trials of a node with the nft backend and IPv6. */
export const allTrials = trialsFor({ backend: 'default', isNft: true, hasIpv6: true, hasBridgeFilter: true });

/** A node as it should be before its first sync. */
export const healthyFacts: Facts = {
  machine: { system: 'debian', isContainer: false, isRoot: true, architecture: 'x64' },
  permissions: { sudo: undefined, canAnswer: true, capabilities: { is: 'read', value: 0x1fffeffffffn } },
  tools: Object.entries(versions).map(([name, version]) => toolFact(name, version)),
  rules: { is: 'read', backend: 'nft', remarks: [], leftIn: [], leftovers: [] },
  trials: { is: 'read', value: allTrials.map(trial => ({ trial, exitCode: 0, said: '' })) },
  modules: { loaded: new Set(['ip_vs']), available: new Set(allTrials.map(({ module }) => module)) },
  parameters: {
    values: new Map([
      ['net/ipv4/ip_forward', '1'],
      ['net/ipv6/conf/all/forwarding', '1'],
      ['net/bridge/bridge-nf-call-iptables', '1'],
      ['net/bridge/bridge-nf-call-ip6tables', '1'],
    ]),
    areReadOnly: false,
  },
  ipv6Lacks: undefined,
  devices: {
    is: 'read',
    value: [
      { name: 'eth0', type: undefined },
      { name: 'cni0', type: 'bridge' },
    ],
  },
  proxies: [],
  kubeProxyMode: undefined,
  folders: [
    { folder: '/run', space: { is: 'read', value: { freeBytes: 2 ** 30, freeFiles: 100_000, isWritable: true } } },
  ],
  cluster: {
    kubectl: { is: 'read', value: 'v1.36.1' },
    isKubectlMissing: false,
    server: { is: 'read', value: { version: 'v1.37.2', clockAhead: 0 } },
    access: {
      is: 'read',
      value: neededAccess.map(({ verb, resource, group }) => ({
        verb,
        resource: group === '' ? resource : `${resource}.${group}`,
        isAllowed: true,
      })),
    },
    user: { is: 'unread', why: 'the API server was not asked' },
    node: { is: 'read', value: { name: 'worker-1', isKnown: true, known: { names: ['worker-1'], count: 1 } } },
  },
  now,
};
