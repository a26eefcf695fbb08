import type { SetName } from '../node/names.js';
import type { Profile } from './options.js';

export interface SetPurpose {
  /** The comment of kube-proxy's rules about the set. Operators search for it. */
  readonly comment: string;
  /** The packet that goes wrong without an entry. */
  readonly why: string;
}

/** What each set is for. `node/names.ts` has its type. */
export const setPurposes: Readonly<Record<SetName, SetPurpose>> = {
  'KUBE-LOOP-BACK': {
    comment: 'Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose',
    why:
      'Without it a Pod that is balanced to itself would see its own address as the source, and answer ' +
      'itself directly.',
  },
  'KUBE-CLUSTER-IP': {
    comment: 'Kubernetes service cluster ip + port for masquerade purpose',
    why:
      'Without it a packet to the cluster IP would keep a source that the backend cannot answer to, and be ' +
      'rejected on the VIP.',
  },
  'KUBE-EXTERNAL-IP': {
    comment: 'Kubernetes service external ip + port for masquerade and filter purpose',
    why:
      'Without it a backend on another node would answer the outside client past this node, and the client ' +
      'would drop the answer.',
  },
  'KUBE-EXTERNAL-IP-LOCAL': {
    comment: 'Kubernetes service external ip + port with externalTrafficPolicy=local',
    why:
      'externalTrafficPolicy is Local. Without it the packet would not be recognized as one for a Service, ' +
      'and be rejected on the VIP.',
  },
  'KUBE-LOAD-BALANCER': {
    comment: 'Kubernetes service lb portal',
    why: 'Without it packets to the load balancer VIP would not be masqueraded, and be rejected on the VIP.',
  },
  'KUBE-LOAD-BALANCER-FW': {
    comment: 'Kubernetes service load balancer ip + port for load balancer with sourceRange',
    why: 'Without it loadBalancerSourceRanges would have no effect, and every source would be accepted.',
  },
  'KUBE-LOAD-BALANCER-LOCAL': {
    comment: 'Kubernetes service load balancer ip + port with externalTrafficPolicy=local',
    why: "externalTrafficPolicy is Local. Without it the backend would see this node's address and not the client's.",
  },
  'KUBE-LOAD-BALANCER-SOURCE-IP': {
    comment: 'Kubernetes service load balancer ip + port + source IP for packet filter purpose',
    why:
      "The node itself is in the source ranges. Without it the node's packets would be dropped, because " +
      'their source is the VIP.',
  },
  'KUBE-LOAD-BALANCER-SOURCE-CIDR': {
    comment: 'Kubernetes service load balancer ip + port + source cidr for packet filter purpose',
    why: 'Without it clients of this source range would be dropped.',
  },
  'KUBE-NODE-PORT-TCP': {
    comment: 'Kubernetes nodeport TCP port for masquerade purpose',
    why: 'Without it a backend on another node would answer the client past this node.',
  },
  'KUBE-NODE-PORT-LOCAL-TCP': {
    comment: 'Kubernetes nodeport TCP port with externalTrafficPolicy=local',
    why: "externalTrafficPolicy is Local. Without it the backend would see this node's address and not the client's.",
  },
  'KUBE-NODE-PORT-UDP': {
    comment: 'Kubernetes nodeport UDP port for masquerade purpose',
    why: 'Without it a backend on another node would answer the client past this node.',
  },
  'KUBE-NODE-PORT-LOCAL-UDP': {
    comment: 'Kubernetes nodeport UDP port with externalTrafficPolicy=local',
    why: "externalTrafficPolicy is Local. Without it the backend would see this node's address and not the client's.",
  },
  'KUBE-NODE-PORT-SCTP-HASH': {
    comment: "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'",
    why: 'Without it a backend on another node would answer the client past this node.',
  },
  'KUBE-NODE-PORT-LOCAL-SCTP-HASH': {
    comment: "Kubernetes nodeport SCTP port with externalTrafficPolicy=local with type 'hash ip:port'",
    why: "externalTrafficPolicy is Local. Without it the backend would see this node's address and not the client's.",
  },
  'KUBE-HEALTH-CHECK-NODE-PORT': {
    comment: 'Kubernetes health check node port',
    why: 'Without it the load balancer could not find out whether this node has a local endpoint.',
  },
  'KUBE-IPVS-IPS': {
    comment: 'Addresses on the ipvs interface',
    why: 'Without it every port that the node itself listens on would be open on the VIP too.',
  },
};

/** Returns why a set exists. In the tutorial it saves rules; in the full profile each of its entries has a purpose. */
export const whySet = (set: SetName, profile: Profile): string =>
  profile === 'tutorial' ? 'Without it there would have to be a rule for every Service.' : setPurposes[set].why;

/** Returns why a set needs an entry. The tutorial has no rule that rejects packets on a VIP. */
export const whyEntry = (set: SetName, profile: Profile): string =>
  profile === 'tutorial'
    ? 'Without it a packet to the cluster IP would keep a source that the backend cannot answer to.'
    : setPurposes[set].why;
