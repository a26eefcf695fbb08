import { command, inOrder, type NodeEdit, setting, withoutRule } from './leave-out.js';
import { both, inajobClients, type Outcomes, vip } from './tutorial-flows.js';

/** A step whose absence has an effect. */
export interface Step {
  readonly name: string;
  readonly leaveOut: NodeEdit;
  /** What the cause that explain finds must name. */
  readonly cause: RegExp;
  /** The outcomes without the step, for the clients that get something else. */
  readonly without: Outcomes;
  /** The same for the tutorial profile, if it differs. */
  readonly withoutInTheTutorial?: Outcomes;
}

/**
 * A node that connects to its own VIP uses the VIP as its source, which stays. The backend on the same node can answer.
 * The other backend cannot, because its node has this address itself.
 */
const keepsVipAsSource: Outcomes = { inajob: ['timeout', `web-inajob saw ${vip}`] };
/** The remote backend answers the client past inajob, from an address that the client does not know. */
const keepsOwnSource: Outcomes = { outside: ['timeout', 'web-inajob saw 192.168.33.99'] };
/** A backend that gets a packet from its own address answers to itself. */
const noHairpin: Outcomes = { 'web-inajob': ['timeout', 'web-yuanying saw 10.244.1.3'] };
const remoteBackendOnly: Outcomes = {
  ...both(['inajob', 'outside'], 'web-yuanying saw 192.168.33.11'),
  ...both(['client-inajob'], 'web-yuanying saw 10.244.1.9'),
  ...both(['web-inajob'], 'web-yuanying saw 10.244.1.3'),
};
const noneForwarded = both(['client-inajob', 'web-inajob', 'outside'], 'timeout');
/** Service packets of yuanying reach inajob as Pod traffic, which the Pod network must let pass. */
export const yuanyingAlone: Outcomes = {
  yuanying: ['timeout', 'web-yuanying saw 10.244.2.1'],
  'web-yuanying': ['timeout', 'web-yuanying saw 10.244.2.1'],
};
export const yuanyingWithoutHairpin: Outcomes = { ...yuanyingAlone, ...both(['web-yuanying'], 'timeout') };

export const stepsOfTheTutorial: readonly Step[] = [
  {
    name: 'the rule that marks',
    cause: /^Rule 1 of KUBE-MARK-MASQ .* is missing/,
    leaveOut: withoutRule('nat', 'KUBE-MARK-MASQ', '--set-xmark'),
    without: { ...keepsVipAsSource, ...keepsOwnSource },
  },
  {
    name: 'the rule that sends sources outside the Pods’ network to be marked',
    cause: /^Rule \d of KUBE-SERVICES .* is missing .*! -s 10\.244\.0\.0\/16/,
    leaveOut: withoutRule('nat', 'KUBE-SERVICES', '! -s 10.244.0.0/16'),
    without: { ...keepsVipAsSource, ...keepsOwnSource },
  },
  {
    name: 'the rule that masquerades',
    cause: /^Rule \d of KUBE-POSTROUTING .* is missing .*MASQUERADE/,
    leaveOut: withoutRule('nat', 'KUBE-POSTROUTING', 'requiring SNAT'),
    without: { ...keepsVipAsSource, ...keepsOwnSource },
  },
  {
    name: 'the jump from OUTPUT',
    cause: /^The jump from OUTPUT .* to KUBE-SERVICES is missing/,
    leaveOut: withoutRule('nat', 'OUTPUT', 'KUBE-SERVICES'),
    without: keepsVipAsSource,
  },
  {
    name: 'the jump from PREROUTING',
    cause: /^The jump from PREROUTING .* to KUBE-SERVICES is missing/,
    leaveOut: withoutRule('nat', 'PREROUTING', 'KUBE-SERVICES'),
    without: keepsOwnSource,
  },
  {
    name: 'the jump from POSTROUTING',
    cause: /^The jump from POSTROUTING .* to KUBE-POSTROUTING is missing/,
    leaveOut: withoutRule('nat', 'POSTROUTING', 'KUBE-POSTROUTING'),
    without: { ...keepsVipAsSource, ...keepsOwnSource, ...noHairpin },
    withoutInTheTutorial: { ...keepsVipAsSource, ...keepsOwnSource },
  },
  {
    name: 'net.ipv4.vs.conntrack, without which nothing that IPVS sends is masqueraded',
    cause: /^The kernel parameter net\.ipv4\.vs\.conntrack is 0/,
    leaveOut: setting('ipv4/vs/conntrack', '0'),
    // Answers to the VIP then belong to no connection that conntrack knows. The full profile rejects them.
    without: { ...both(['inajob'], 'timeout'), ...keepsOwnSource, ...noHairpin },
    withoutInTheTutorial: { ...keepsVipAsSource, ...keepsOwnSource },
  },
  {
    name: 'the entry in KUBE-CLUSTER-IP',
    cause: /^The entry 10\.254\.10\.128,tcp:80 is missing in KUBE-CLUSTER-IP/,
    leaveOut: command(`ipset del KUBE-CLUSTER-IP ${vip},tcp:80`),
    // For the full profile, the port then belongs to no Service.
    without: { ...keepsVipAsSource, ...both(['client-inajob', 'web-inajob', 'outside'], 'refused') },
    withoutInTheTutorial: { ...keepsVipAsSource, ...keepsOwnSource },
  },
  {
    name: 'the real server on inajob',
    cause: /^The real server 10\.244\.1\.3:8080 .* is missing/,
    leaveOut: command(`ipvsadm -d -t ${vip}:80 -r 10.244.1.3:8080`),
    without: remoteBackendOnly,
  },
  {
    name: 'the virtual server',
    cause: /^The virtual server TCP 10\.254\.10\.128:80 is missing/,
    leaveOut: command(`ipvsadm -D -t ${vip}:80`),
    without: both(inajobClients, 'refused'),
  },
  {
    name: 'the VIP on the IPVS device',
    cause: /^The address 10\.254\.10\.128 is missing on kube-ipvs0/,
    leaveOut: command(`ip address delete ${vip}/32 dev kube-ipvs0`),
    without: both([...inajobClients, 'client-inajob to port 9100'], 'unreachable'),
  },
  {
    name: 'the jump from FORWARD, whose policy is DROP',
    cause: /^The jump from FORWARD .* to KUBE-FORWARD is missing/,
    leaveOut: inOrder(command('iptables -w -P FORWARD DROP'), withoutRule('filter', 'FORWARD', 'KUBE-FORWARD')),
    // The packets of inajob itself are not forwarded.
    without: { ...noneForwarded, ...yuanyingAlone },
    withoutInTheTutorial: { ...noneForwarded, ...yuanyingWithoutHairpin },
  },
];

export const stepsBeyondTheTutorial: readonly Step[] = [
  {
    name: 'the rule for the hairpin',
    cause: /^Rule \d of KUBE-POSTROUTING .* is missing .*KUBE-LOOP-BACK/,
    leaveOut: withoutRule('nat', 'KUBE-POSTROUTING', 'KUBE-LOOP-BACK'),
    without: noHairpin,
  },
  {
    name: 'the entry in KUBE-LOOP-BACK',
    cause: /^The entry 10\.244\.1\.3,tcp:8080,10\.244\.1\.3 is missing in KUBE-LOOP-BACK/,
    leaveOut: command('ipset del KUBE-LOOP-BACK 10.244.1.3,tcp:8080,10.244.1.3'),
    without: noHairpin,
  },
  {
    name: 'the rule that leaves unmarked packets alone',
    cause: /^Rule \d of KUBE-POSTROUTING .* is missing .*RETURN/,
    leaveOut: withoutRule('nat', 'KUBE-POSTROUTING', '-j RETURN'),
    // The rules after it masquerade all packets that reach them.
    without: {
      'client-inajob': ['web-inajob saw 10.244.1.1', 'web-yuanying saw 192.168.33.11'],
      'web-inajob': ['web-inajob saw 10.244.1.1', 'web-yuanying saw 192.168.33.11'],
      yuanying: ['web-inajob saw 10.244.1.1', 'web-yuanying saw 10.244.2.1'],
      'web-yuanying': ['web-inajob saw 10.244.1.1', 'web-yuanying saw 10.244.2.1'],
    },
  },
  {
    name: 'the rule that lets Service packets to a VIP pass',
    cause: /^Rule 1 of KUBE-IPVS-FILTER .* is missing .*RETURN/,
    leaveOut: withoutRule('filter', 'KUBE-IPVS-FILTER', '--match-set KUBE-CLUSTER-IP'),
    without: both(['client-inajob', 'web-inajob', 'outside'], 'refused'),
  },
  {
    name: 'the rule that refuses everything else',
    cause: /^Rule 2 of KUBE-IPVS-FILTER .* is missing .*REJECT/,
    leaveOut: withoutRule('filter', 'KUBE-IPVS-FILTER', '-j REJECT'),
    without: both(['client-inajob to port 9100'], 'inajob saw 10.244.1.9'),
  },
  {
    name: 'the jump from INPUT',
    cause: /^The jump from INPUT .* to KUBE-IPVS-FILTER is missing/,
    leaveOut: withoutRule('filter', 'INPUT', 'KUBE-IPVS-FILTER'),
    without: both(['client-inajob to port 9100'], 'inajob saw 10.244.1.9'),
  },
  {
    name: 'the entry in KUBE-IPVS-IPS',
    cause: /^The entry 10\.254\.10\.128 is missing in KUBE-IPVS-IPS/,
    leaveOut: command(`ipset del KUBE-IPVS-IPS ${vip}`),
    without: both(['client-inajob to port 9100'], 'inajob saw 10.244.1.9'),
  },
  {
    name: 'the rule that forwards what belongs to a connection, where the policy of FORWARD is DROP',
    cause: /^Rule \d of KUBE-FORWARD .* is missing .*RELATED,ESTABLISHED/,
    leaveOut: inOrder(command('iptables -w -P FORWARD DROP'), withoutRule('filter', 'KUBE-FORWARD', '--ctstate')),
    without: { ...noneForwarded, ...yuanyingAlone },
  },
  {
    name: 'net.ipv4.ip_forward',
    cause: /^The kernel parameter net\.ipv4\.ip_forward is 0/,
    leaveOut: setting('ipv4/ip_forward', '0'),
    // Answers over the bridge from Pod to Pod are not routed, and the packets of inajob itself are not forwarded.
    without: {
      'client-inajob': ['timeout', 'web-inajob saw 10.244.1.9'],
      ...both(['web-inajob', 'outside'], 'timeout'),
      ...yuanyingAlone,
    },
  },
];

/** Settings of a network plugin that kproxy relies on. */
export const stepsOfTheNetwork: readonly Step[] = [
  {
    name: 'net.bridge.bridge-nf-call-iptables, without which an answer from Pod to Pod goes past IPVS',
    cause: /bridge-nf-call-iptables is 0/,
    leaveOut: setting('bridge/bridge-nf-call-iptables', '0'),
    without: { 'client-inajob': ['timeout', 'web-yuanying saw 10.244.1.9'] },
  },
  {
    name: 'the hairpin of the bridge’s port',
    cause: /web-inajob.*hairpin/,
    leaveOut: command('bridge link set dev web-inajob hairpin off'),
    without: noHairpin,
  },
];
