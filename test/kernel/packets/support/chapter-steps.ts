import { both, inajobClients, type Outcomes, vip } from './chapter-flows.js';
import { command, inOrder, type NodeEdit, setting, withoutRule } from './leave-out.js';

/** A step whose absence shows. */
export interface Step {
  readonly name: string;
  readonly leaveOut: NodeEdit;
  /** What comes without it, for the clients for whom something else comes. */
  readonly without: Outcomes;
  /** The same where only the chapter's steps are there, if that differs. */
  readonly withoutInTheChapter?: Outcomes;
}

/**
 * A node that speaks to its own VIP takes it as its source too, and it stays so. The backend on the same node finds the way back; the other one's
 * node has this address itself.
 */
const keepsVipAsSource: Outcomes = { inajob: ['timeout', `web-inajob saw ${vip}`] };
/** The remote backend answers the client past inajob, from an address that the client never spoke to. */
const keepsOwnSource: Outcomes = { outside: ['timeout', 'web-inajob saw 192.168.33.99'] };
/** A backend that gets a packet from its own address answers itself. */
const noHairpin: Outcomes = { 'web-inajob': ['timeout', 'web-yuanying saw 10.244.1.3'] };
const remoteBackendOnly: Outcomes = {
  ...both(['inajob', 'outside'], 'web-yuanying saw 192.168.33.11'),
  ...both(['client-inajob'], 'web-yuanying saw 10.244.1.9'),
  ...both(['web-inajob'], 'web-yuanying saw 10.244.1.3'),
};
const noneForwarded = both(['client-inajob', 'web-inajob', 'outside'], 'timeout');
/** Service packets of yuanying have become Pod traffic when they come to inajob: letting that pass is up to the Pod network. */
export const yuanyingAlone: Outcomes = {
  yuanying: ['timeout', 'web-yuanying saw 10.244.2.1'],
  'web-yuanying': ['timeout', 'web-yuanying saw 10.244.2.1'],
};
export const yuanyingWithoutHairpin: Outcomes = { ...yuanyingAlone, ...both(['web-yuanying'], 'timeout') };

export const stepsOfTheChapter: readonly Step[] = [
  {
    name: 'the rule that marks',
    leaveOut: withoutRule('nat', 'KUBE-MARK-MASQ', '--set-xmark'),
    without: { ...keepsVipAsSource, ...keepsOwnSource },
  },
  {
    name: 'the rule that sends sources outside the Pods’ network to be marked',
    leaveOut: withoutRule('nat', 'KUBE-SERVICES', '! -s 10.244.0.0/16'),
    without: { ...keepsVipAsSource, ...keepsOwnSource },
  },
  {
    name: 'the rule that masquerades',
    leaveOut: withoutRule('nat', 'KUBE-POSTROUTING', 'requiring SNAT'),
    without: { ...keepsVipAsSource, ...keepsOwnSource },
  },
  {
    name: 'the jump from OUTPUT',
    leaveOut: withoutRule('nat', 'OUTPUT', 'KUBE-SERVICES'),
    without: keepsVipAsSource,
  },
  {
    name: 'the jump from PREROUTING',
    leaveOut: withoutRule('nat', 'PREROUTING', 'KUBE-SERVICES'),
    without: keepsOwnSource,
  },
  {
    name: 'the jump from POSTROUTING',
    leaveOut: withoutRule('nat', 'POSTROUTING', 'KUBE-POSTROUTING'),
    without: { ...keepsVipAsSource, ...keepsOwnSource, ...noHairpin },
    withoutInTheChapter: { ...keepsVipAsSource, ...keepsOwnSource },
  },
  {
    name: 'net.ipv4.vs.conntrack, without which nothing that IPVS sends is masqueraded',
    leaveOut: setting('ipv4/vs/conntrack', '0'),
    // To the VIP come answers of connections that nobody has seen begin: the full profile refuses those.
    without: { ...both(['inajob'], 'timeout'), ...keepsOwnSource, ...noHairpin },
    withoutInTheChapter: { ...keepsVipAsSource, ...keepsOwnSource },
  },
  {
    name: 'the entry in KUBE-CLUSTER-IP',
    leaveOut: command(`ipset del KUBE-CLUSTER-IP ${vip},tcp:80`),
    // To the full profile the port is then one of those that nobody serves.
    without: { ...keepsVipAsSource, ...both(['client-inajob', 'web-inajob', 'outside'], 'refused') },
    withoutInTheChapter: { ...keepsVipAsSource, ...keepsOwnSource },
  },
  {
    name: 'the real server on inajob',
    leaveOut: command(`ipvsadm -d -t ${vip}:80 -r 10.244.1.3:8080`),
    without: remoteBackendOnly,
  },
  {
    name: 'the virtual server',
    leaveOut: command(`ipvsadm -D -t ${vip}:80`),
    without: both(inajobClients, 'refused'),
  },
  {
    name: 'the VIP on the IPVS device',
    leaveOut: command(`ip address delete ${vip}/32 dev kube-ipvs0`),
    without: both([...inajobClients, 'client-inajob to port 9100'], 'unreachable'),
  },
  {
    name: 'the jump from FORWARD, whose policy is DROP',
    leaveOut: inOrder(command('iptables -w -P FORWARD DROP'), withoutRule('filter', 'FORWARD', 'KUBE-FORWARD')),
    // What inajob itself asks and gets is not forwarded.
    without: { ...noneForwarded, ...yuanyingAlone },
    withoutInTheChapter: { ...noneForwarded, ...yuanyingWithoutHairpin },
  },
];

export const stepsBeyondTheChapter: readonly Step[] = [
  {
    name: 'the rule for the hairpin',
    leaveOut: withoutRule('nat', 'KUBE-POSTROUTING', 'KUBE-LOOP-BACK'),
    without: noHairpin,
  },
  {
    name: 'the entry in KUBE-LOOP-BACK',
    leaveOut: command('ipset del KUBE-LOOP-BACK 10.244.1.3,tcp:8080,10.244.1.3'),
    without: noHairpin,
  },
  {
    name: 'the rule that leaves unmarked packets alone',
    leaveOut: withoutRule('nat', 'KUBE-POSTROUTING', '-j RETURN'),
    // The rules after it masquerade whatever comes to them.
    without: {
      'client-inajob': ['web-inajob saw 10.244.1.1', 'web-yuanying saw 192.168.33.11'],
      'web-inajob': ['web-inajob saw 10.244.1.1', 'web-yuanying saw 192.168.33.11'],
      yuanying: ['web-inajob saw 10.244.1.1', 'web-yuanying saw 10.244.2.1'],
      'web-yuanying': ['web-inajob saw 10.244.1.1', 'web-yuanying saw 10.244.2.1'],
    },
  },
  {
    name: 'the rule that lets Service packets to a VIP pass',
    leaveOut: withoutRule('filter', 'KUBE-IPVS-FILTER', '--match-set KUBE-CLUSTER-IP'),
    without: both(['client-inajob', 'web-inajob', 'outside'], 'refused'),
  },
  {
    name: 'the rule that refuses everything else',
    leaveOut: withoutRule('filter', 'KUBE-IPVS-FILTER', '-j REJECT'),
    without: both(['client-inajob to port 9100'], 'inajob saw 10.244.1.9'),
  },
  {
    name: 'the jump from INPUT',
    leaveOut: withoutRule('filter', 'INPUT', 'KUBE-IPVS-FILTER'),
    without: both(['client-inajob to port 9100'], 'inajob saw 10.244.1.9'),
  },
  {
    name: 'the entry in KUBE-IPVS-IPS',
    leaveOut: command(`ipset del KUBE-IPVS-IPS ${vip}`),
    without: both(['client-inajob to port 9100'], 'inajob saw 10.244.1.9'),
  },
  {
    name: 'the rule that forwards what belongs to a connection, where the policy of FORWARD is DROP',
    leaveOut: inOrder(command('iptables -w -P FORWARD DROP'), withoutRule('filter', 'KUBE-FORWARD', '--ctstate')),
    without: { ...noneForwarded, ...yuanyingAlone },
  },
  {
    name: 'net.ipv4.ip_forward',
    leaveOut: setting('ipv4/ip_forward', '0'),
    // Answers that come over the bridge from Pod to Pod are not routed, and what inajob itself asks and gets is not forwarded.
    without: {
      'client-inajob': ['timeout', 'web-inajob saw 10.244.1.9'],
      ...both(['web-inajob', 'outside'], 'timeout'),
      ...yuanyingAlone,
    },
  },
];

/** What a network plugin gives to a node and kproxy relies on. */
export const stepsOfTheNetwork: readonly Step[] = [
  {
    name: 'net.bridge.bridge-nf-call-iptables, without which an answer from Pod to Pod goes past IPVS',
    leaveOut: setting('bridge/bridge-nf-call-iptables', '0'),
    without: { 'client-inajob': ['timeout', 'web-yuanying saw 10.244.1.9'] },
  },
  {
    name: 'the hairpin of the bridge’s port',
    leaveOut: command('bridge link set dev web-inajob hairpin off'),
    without: noHairpin,
  },
];
