import type { SetName } from '../../../node/names.js';
import type { Knowledge } from '../part.js';

const types = { loadBalancer: 'Services of the type LoadBalancer', nodePort: 'Services with a node port' } as const;
const localPorts = (protocol: string) => ({
  purpose:
    `Holds the ${protocol} node ports of Services with externalTrafficPolicy Local, ` +
    'whose packets keep their source.',
  neededBy: `${types.nodePort} for ${protocol} and externalTrafficPolicy Local`,
});
const ports = (protocol: string) => ({
  purpose: `Holds the ${protocol} node ports, whose packets get this node's address as their source.`,
  neededBy: `${types.nodePort} for ${protocol}`,
});

/** What each of kproxy's sets does, and who needs it. `proxy/sets.ts` has the packet that goes wrong without it. */
export const setKnowledge: Readonly<Record<SetName, Omit<Knowledge, 'without'>>> = {
  'KUBE-LOOP-BACK': {
    purpose:
      'Holds the backends on this node, each together with its own address as the source: packets of a Pod that IPVS ' +
      'balances back to the same Pod.',
    neededBy: 'every Service with a backend on this node',
  },
  'KUBE-CLUSTER-IP': {
    purpose: 'Holds the cluster IP and port of every Service.',
    neededBy: 'every Service with a cluster IP',
  },
  'KUBE-EXTERNAL-IP': {
    purpose: 'Holds the external IPs and ports, whose packets get the address of this node as their source.',
    neededBy: 'Services with external IPs',
  },
  'KUBE-EXTERNAL-IP-LOCAL': {
    purpose:
      'Holds the external IPs and ports of Services that want to see the client: their packets keep their source.',
    neededBy: 'Services with external IPs and externalTrafficPolicy Local',
  },
  'KUBE-LOAD-BALANCER': {
    purpose: 'Holds the load balancer VIPs and ports.',
    neededBy: types.loadBalancer,
  },
  'KUBE-LOAD-BALANCER-FW': {
    purpose: 'Holds the load balancer VIPs and ports whose sources are checked.',
    neededBy: 'Services with loadBalancerSourceRanges',
  },
  'KUBE-LOAD-BALANCER-LOCAL': {
    purpose: 'Holds the load balancer VIPs and ports of Services that want to see the client.',
    neededBy: `${types.loadBalancer} with externalTrafficPolicy Local`,
  },
  'KUBE-LOAD-BALANCER-SOURCE-IP': {
    purpose: 'Holds the load balancer VIPs and ports that this node itself may reach, each with the VIP as the source.',
    neededBy: 'Services with loadBalancerSourceRanges that include this node',
  },
  'KUBE-LOAD-BALANCER-SOURCE-CIDR': {
    purpose: 'Holds the load balancer VIPs and ports, each with a network whose clients are accepted.',
    neededBy: 'Services with loadBalancerSourceRanges',
  },
  'KUBE-NODE-PORT-TCP': ports('TCP'),
  'KUBE-NODE-PORT-LOCAL-TCP': localPorts('TCP'),
  'KUBE-NODE-PORT-UDP': ports('UDP'),
  'KUBE-NODE-PORT-LOCAL-UDP': localPorts('UDP'),
  'KUBE-NODE-PORT-SCTP-HASH': ports('SCTP'),
  'KUBE-NODE-PORT-LOCAL-SCTP-HASH': localPorts('SCTP'),
  'KUBE-HEALTH-CHECK-NODE-PORT': {
    purpose: 'Holds the ports at which load balancers ask this node whether it has a backend.',
    neededBy: `${types.loadBalancer} with externalTrafficPolicy Local`,
  },
  'KUBE-IPVS-IPS': {
    purpose: 'Holds the VIPs, which are addresses of this node, so that packets to their other ports are rejected.',
    neededBy: 'every Service',
  },
};
