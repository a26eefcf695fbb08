import type { SetName } from '../node/names.js';

export interface SetPurpose {
  /** The rule comment that kube-proxy writes for the set; operators search for it. */
  readonly comment: string;
  /** Which packet goes wrong where an entry is missing. */
  readonly why: string;
}

/** What each set is for. Its type stands with its name, in `node/names.ts`. */
export const setPurposes: Readonly<Record<SetName, SetPurpose>> = {
  'KUBE-LOOP-BACK': {
    comment: 'Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose',
    why: 'a Pod that is balanced back to itself would see its own address as the source, and answer itself directly',
  },
  'KUBE-CLUSTER-IP': {
    comment: 'Kubernetes service cluster ip + port for masquerade purpose',
    why: 'a packet to the cluster IP would keep a source that the backend cannot answer to, and be rejected on the VIP',
  },
  'KUBE-EXTERNAL-IP': {
    comment: 'Kubernetes service external ip + port for masquerade and filter purpose',
    why: 'a backend on another node would answer the outside client past this node, and the client would drop the answer',
  },
  'KUBE-EXTERNAL-IP-LOCAL': {
    comment: 'Kubernetes service external ip + port with externalTrafficPolicy=local',
    why: 'externalTrafficPolicy is Local: without the entry the packet is not known for a Service packet and is rejected on the VIP',
  },
  'KUBE-LOAD-BALANCER': {
    comment: 'Kubernetes service lb portal',
    why: 'packets to the load balancer VIP would not be masqueraded, and rejected on the VIP',
  },
  'KUBE-LOAD-BALANCER-FW': {
    comment: 'Kubernetes service load balancer ip + port for load balancer with sourceRange',
    why: 'loadBalancerSourceRanges would not be looked at, and every source let in',
  },
  'KUBE-LOAD-BALANCER-LOCAL': {
    comment: 'Kubernetes service load balancer ip + port with externalTrafficPolicy=local',
    why: "externalTrafficPolicy is Local: without the entry the backend sees this node's address and not the client's",
  },
  'KUBE-LOAD-BALANCER-SOURCE-IP': {
    comment: 'Kubernetes service load balancer ip + port + source IP for packet filter purpose',
    why: 'the node itself is in the source ranges, and its packets to the VIP have the VIP as source: they would be dropped',
  },
  'KUBE-LOAD-BALANCER-SOURCE-CIDR': {
    comment: 'Kubernetes service load balancer ip + port + source cidr for packet filter purpose',
    why: 'clients of this source range would be dropped',
  },
  'KUBE-NODE-PORT-TCP': {
    comment: 'Kubernetes nodeport TCP port for masquerade purpose',
    why: 'a backend on another node would answer the client past this node',
  },
  'KUBE-NODE-PORT-LOCAL-TCP': {
    comment: 'Kubernetes nodeport TCP port with externalTrafficPolicy=local',
    why: "externalTrafficPolicy is Local: without the entry the backend sees this node's address and not the client's",
  },
  'KUBE-NODE-PORT-UDP': {
    comment: 'Kubernetes nodeport UDP port for masquerade purpose',
    why: 'a backend on another node would answer the client past this node',
  },
  'KUBE-NODE-PORT-LOCAL-UDP': {
    comment: 'Kubernetes nodeport UDP port with externalTrafficPolicy=local',
    why: "externalTrafficPolicy is Local: without the entry the backend sees this node's address and not the client's",
  },
  'KUBE-NODE-PORT-SCTP-HASH': {
    comment: "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'",
    why: 'a backend on another node would answer the client past this node',
  },
  'KUBE-NODE-PORT-LOCAL-SCTP-HASH': {
    comment: "Kubernetes nodeport SCTP port with externalTrafficPolicy=local with type 'hash ip:port'",
    why: "externalTrafficPolicy is Local: without the entry the backend sees this node's address and not the client's",
  },
  'KUBE-HEALTH-CHECK-NODE-PORT': {
    comment: 'Kubernetes health check node port',
    why: 'the load balancer could not ask whether this node has a local endpoint',
  },
  'KUBE-IPVS-IPS': {
    comment: 'Addresses on the ipvs interface',
    why: 'every port that the node itself listens on would be open on the VIP too',
  },
};
