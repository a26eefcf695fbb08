import { always, type ChainRules, jump } from './rule-context.js';

const protocolNumbers: Readonly<Record<string, string>> = { TCP: '6', UDP: '17', SCTP: '132' };

export const kubeIpvsOutFilter: ChainRules = {
  table: 'filter',
  name: 'KUBE-IPVS-OUT-FILTER',
  why: 'keeps the processes of this node out of the VIPs whose source ranges do not hold it',
  rules: ({ family, closedToNode }) =>
    closedToNode.map(vip =>
      always(
        `a process of this node has the VIP as source and would pass by the source ranges of ${vip.servicePort}`,
        '-s',
        `${vip.address}/${family === 'IPv4' ? 32 : 128}`,
        ...[
          '-m',
          'ipvs',
          '--vproto',
          protocolNumbers[vip.protocol] ?? '6',
          '--vaddr',
          vip.address,
          '--vport',
          String(vip.port),
        ],
        ...jump('DROP'),
      ),
    ),
};
