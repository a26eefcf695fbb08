import type { chainNames } from '../../../node/names.js';
import type { Knowledge } from '../part.js';

type ChainKey = {
  [Table in keyof typeof chainNames]: `${Table} ${(typeof chainNames)[Table][number]}`;
}[keyof typeof chainNames];

/**
 * What goes wrong without each of kproxy's chains, and who needs it. The packet tests leave each of them out and record
 * what happens. `proxy/rules/` has what each chain does.
 */
export const chainKnowledge: Readonly<Record<ChainKey, Omit<Knowledge, 'purpose'>>> = {
  'nat KUBE-MARK-MASQ': {
    without:
      'Without it a client outside the cluster gets no answer from a backend on another node: that backend answers ' +
      'past this node, from an address that the client does not know.',
    neededBy: 'every Service whose packets can come from elsewhere than a Pod',
  },
  'nat KUBE-POSTROUTING': {
    without:
      "Without it marked packets keep their source: outside clients and this node's own processes get no answer from " +
      'a backend on another node.',
    neededBy: 'every Service',
  },
  'nat KUBE-LOAD-BALANCER': {
    without:
      'Without it a packet to a load balancer VIP keeps its source, and a backend on another node answers past this ' +
      'node.',
    neededBy: 'Services of the type LoadBalancer',
  },
  'nat KUBE-NODE-PORT': {
    without:
      'Without it a packet to a node port keeps its source, and a backend on another node answers past this node.',
    neededBy: 'Services of the types NodePort and LoadBalancer',
  },
  'nat KUBE-SERVICES': {
    without:
      "Without it no packet gets the mark: outside clients and this node's own processes get no answer from a " +
      'backend on another node.',
    neededBy: 'every Service',
  },
  'filter KUBE-FORWARD': {
    without:
      'Without it a node whose FORWARD policy is DROP, such as one with Docker, drops the answers of backends to ' +
      'Pods and to outside clients.',
    neededBy: 'every Service, on a node that does not forward everything',
  },
  'filter KUBE-NODE-PORT': {
    without:
      "Without it a host firewall that drops unknown packets drops the load balancer's health checks, and the load " +
      'balancer sends nothing to this node.',
    neededBy: 'Services of the type LoadBalancer with externalTrafficPolicy Local',
  },
  'filter KUBE-SOURCE-RANGES-FIREWALL': {
    without: 'Without it packets from sources outside the ranges of a Service reach the Service.',
    neededBy: 'Services with loadBalancerSourceRanges',
  },
  'filter KUBE-PROXY-FIREWALL': {
    without: 'Without it no packet is checked, and every source reaches a Service that names source ranges.',
    neededBy: 'Services with loadBalancerSourceRanges',
  },
  'filter KUBE-IPVS-FILTER': {
    without:
      "Without it a packet to a VIP and a port of no Service reaches this node's own process on that port, such as " +
      'the kubelet or sshd.',
    neededBy: 'every Service, because its VIP is an address of this node',
  },
  'filter KUBE-IPVS-OUT-FILTER': {
    without:
      'Without it a process of this node reaches a load balancer VIP although its source ranges do not include the ' +
      'node: the source of its packets is the VIP itself.',
    neededBy: 'Services with loadBalancerSourceRanges that do not include this node',
  },
};

/** What the kernel's own chains are for. Every packet passes those of its way. */
export const builtInKnowledge: ReadonlyMap<string, string> = new Map(
  Object.entries({
    PREROUTING: 'Every packet that arrives passes it, before the kernel decides where the packet goes.',
    INPUT: 'Packets to an address of this node pass it. IPVS takes those to a virtual server after this hook.',
    FORWARD: 'Packets that this node passes on to another machine or to a Pod go through it.',
    OUTPUT: "Packets of this node's own processes pass it, and those that IPVS sends to a backend.",
    POSTROUTING: 'Every packet that leaves passes it, after everything else.',
  }),
);
