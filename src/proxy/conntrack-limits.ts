import type { Element } from '../node/element.js';
import type { LimitFacts, NodeFacts } from '../node/facts.js';
import { keyOf } from '../node/kinds/index.js';
import { sysctlKind } from '../node/kinds/sysctl.js';
import type { conntrackNames } from '../node/names.js';
import type { ElementLookup } from '../node/state.js';
import { sysctlName } from '../node/sysctl-name.js';
import { countText } from '../text.js';
import type { HostElement } from './host-element.js';
import type { ConntrackOptions, ProxyOptions } from './options.js';

type ConntrackName = (typeof conntrackNames)[number];

/** The packet that goes wrong without each parameter of conntrack that kproxy may set. */
export const conntrackReasons: Readonly<Record<ConntrackName, string>> = {
  'net/netfilter/nf_conntrack_max':
    'Without it the node would drop the first packet of every new connection once its table of connections is full. ' +
    'It is only raised: a node that has more keeps it.',
  'net/netfilter/nf_conntrack_buckets':
    'Without it the kernel would search long lists for every packet once many connections are open. It is only ' +
    'raised, to a quarter of nf_conntrack_max: a node that has more keeps it.',
  'net/netfilter/nf_conntrack_tcp_timeout_established':
    'Without it connections that ended without a word would fill the table for five days, and then new ones would ' +
    'be dropped.',
  'net/netfilter/nf_conntrack_tcp_timeout_close_wait':
    'Without it a connection that one side has closed would be forgotten after a minute, and what the other side ' +
    'still sends would keep the wrong address (kubernetes/kubernetes#32551).',
  'net/netfilter/nf_conntrack_tcp_be_liberal':
    '--conntrack-tcp-be-liberal: Without it packets outside of the TCP window would keep the address of the ' +
    'backend, and the client would reset the connection.',
  'net/netfilter/nf_conntrack_udp_timeout':
    '--conntrack-udp-timeout: Without it an answer that comes later than the kernel waits would keep the address ' +
    'of the backend.',
  'net/netfilter/nf_conntrack_udp_timeout_stream':
    '--conntrack-udp-timeout-stream: Without it a UDP flow that pauses longer than the kernel waits would be ' +
    'forgotten, and its next packet would be taken for a new flow.',
};

/** kube-proxy's limit for a machine with many processors, so that the table does not take too much memory. */
const mostForProcessors = 1_048_576;

interface Maximum {
  readonly value: number;
  /** What the value comes from, as a sentence. */
  readonly from: string;
}

/**
 * Returns how many connections a node must be able to track, as kube-proxy computes it, or undefined if that is left to
 * the node. If the number of processors is unknown, only the minimum counts.
 */
function maximumOf({ maxPerCore, min }: ConntrackOptions, { processors }: LimitFacts): Maximum | undefined {
  if (maxPerCore === 0) return undefined;
  const scaled = maxPerCore * (processors ?? 0);
  if (scaled > mostForProcessors)
    return { value: mostForProcessors, from: 'It is the most that conntrack.maxPerCore amounts to.' };
  if (scaled > min)
    return {
      value: scaled,
      from: `It is conntrack.maxPerCore for each of ${countText(processors ?? 0, 'processor')}.`,
    };
  const unknown = processors === undefined ? ', because the number of processors is unknown' : '';
  return min === 0 ? undefined : { value: min, from: `It is conntrack.min${unknown}.` };
}

const sysctl = (name: ConntrackName, value: number, more: { readonly atLeast?: true } = {}): HostElement => ({
  element: { kind: 'sysctl', name, value: String(value), ...more },
  why: conntrackReasons[name],
});

function maximumElements(maximum: Maximum | undefined): readonly HostElement[] {
  if (maximum === undefined) return [];
  const { element: limit, why } = sysctl('net/netfilter/nf_conntrack_max', maximum.value, { atLeast: true });
  const buckets = Math.floor(maximum.value / 4);
  return [
    { element: limit, why: `${why} ${maximum.from}` },
    ...(buckets === 0 ? [] : [sysctl('net/netfilter/nf_conntrack_buckets', buckets, { atLeast: true })]),
  ];
}

/** Zero leaves a timeout to the node. */
const timeoutElement = (name: ConntrackName, seconds: number): readonly HostElement[] =>
  seconds === 0 ? [] : [sysctl(name, seconds)];

function allElements({ conntrack }: ProxyOptions, limits: LimitFacts): readonly HostElement[] {
  return [
    ...timeoutElement('net/netfilter/nf_conntrack_tcp_timeout_established', conntrack.tcpEstablishedTimeout),
    ...timeoutElement('net/netfilter/nf_conntrack_tcp_timeout_close_wait', conntrack.tcpCloseWaitTimeout),
    ...(conntrack.tcpBeLiberal ? [sysctl('net/netfilter/nf_conntrack_tcp_be_liberal', 1)] : []),
    ...timeoutElement('net/netfilter/nf_conntrack_udp_timeout', conntrack.udpTimeout),
    ...timeoutElement('net/netfilter/nf_conntrack_udp_timeout_stream', conntrack.udpStreamTimeout),
    // Last, because each is written by a process of its own, and all others by one.
    ...maximumElements(maximumOf(conntrack, limits)),
  ];
}

/** Returns the parameters of conntrack that a node needs, without those that it cannot set. */
export const conntrackElements = (options: ProxyOptions, facts: NodeFacts): readonly HostElement[] =>
  facts.limits === undefined
    ? []
    : allElements(options, facts.limits).filter(({ element }) => !isReadOnly(element, facts));

/** Returns true for a kernel parameter that the node cannot set. */
export const isReadOnly = (element: Element, { limits }: NodeFacts): boolean =>
  element.kind === 'sysctl' && limits?.readOnly.includes(element.name) === true;

const onlyFirstNamespace =
  'only the first network namespace of the machine can set that. Set it there, or set conntrack.maxPerCore to 0.';

/**
 * Returns a line if the limits of the whole machine are too low and cannot be set here. Services work all the same
 * until the table of connections is full.
 */
export function unsetLimitLines(options: ProxyOptions, facts: NodeFacts, actual: ElementLookup): readonly string[] {
  if (options.profile === 'tutorial' || facts.limits === undefined) return [];
  const low = allElements(options, facts.limits).flatMap(({ element }) => {
    const present = isReadOnly(element, facts) ? actual.get(keyOf(element)) : undefined;
    if (element.kind !== 'sysctl' || present?.kind !== 'sysctl' || sysctlKind.same(present, element)) return [];
    return [`${sysctlName(element.name)} is ${present.value} and should be at least ${element.value}`];
  });
  return low.length === 0 ? [] : [`${low.join(', ')}: ${onlyFirstNamespace}`];
}
