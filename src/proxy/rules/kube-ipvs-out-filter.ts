import { hostNetwork } from '../../net/network.js';
import { protocolNumbers } from '../../net/protocol.js';
import { always, type ChainRules, jump } from './rule-context.js';

export const kubeIpvsOutFilter: ChainRules = {
  table: 'filter',
  name: 'KUBE-IPVS-OUT-FILTER',
  why: 'Drops packets of this node to VIPs whose source ranges do not include the node.',
  rules: ({ closedToNode }) =>
    closedToNode.map(vip =>
      always(
        `A process of this node has the VIP as its source, and would bypass the source ranges of ${vip.servicePort}.`,
        '-s',
        hostNetwork(vip.address),
        ...[
          '-m',
          'ipvs',
          '--vproto',
          String(protocolNumbers[vip.protocol]),
          '--vaddr',
          vip.address,
          '--vport',
          String(vip.port),
        ],
        ...jump('DROP'),
      ),
    ),
};
