import { addressAndPort } from '../../net/address.js';
import { type Protocol, protocolNames } from '../../net/protocol.js';
import { sysctlName } from '../../node/sysctl-name.js';
import type { Paint } from '../../output/paint.js';
import { quoteCommand } from '../../script/quote.js';
import type { Explanation, Flow } from '../explanation.js';
import type { Ends } from '../trace/packet.js';
import type { BackendPlace, Blame, RulePlace, Trace, Verdict } from '../trace/trace.js';

/** The color of each verdict. The word itself is always there too. */
export const verdictColors = {
  answered: 'green',
  refused: 'red',
  dropped: 'red',
  unanswered: 'red',
  unknown: 'yellow',
} as const satisfies Record<Verdict, keyof Paint>;

const placeTexts: Readonly<Record<BackendPlace | 'this node', string>> = {
  here: 'on this node',
  elsewhere: 'elsewhere',
  'the client itself': 'the client itself',
  'this node': 'a process of this node',
};

export const placeText = (place: BackendPlace | 'this node'): string => placeTexts[place];

const endText = (address: string, port: number | undefined): string =>
  port === undefined ? address : addressAndPort(address, port);

export const sourceText = ({ source, sourcePort }: Ends): string => endText(source, sourcePort);
export const destinationText = ({ destination, destinationPort }: Ends): string =>
  endText(destination, destinationPort);

/** Returns `10.244.1.9 → 10.254.10.128:80`. */
export const endsText = (ends: Ends): string => `${sourceText(ends)} → ${destinationText(ends)}`;

/** Returns `10.254.10.128:80/tcp`. */
export const targetText = (address: string, port: number, protocol: Protocol): string =>
  `${addressAndPort(address, port)}/${protocolNames[protocol]}`;

/** Returns `10.254.10.128:80/tcp, cluster IP of default/web-service:http`. */
export function targetTitle({ target: { address, port, kind, servicePort }, protocol }: Flow): string {
  const whose = servicePort === undefined ? 'which no Service has' : `${kind} of ${servicePort}`;
  return `${targetText(address, port, protocol)}, ${whose}`;
}

/** Returns a share as a whole percentage, `50 %`, or undefined if it is not known. */
export function shareText(share: number | undefined): string | undefined {
  if (share === undefined) return undefined;
  if (share > 0 && share < 0.01) return 'less than 1 %';
  return share < 1 && share > 0.99 ? 'more than 99 %' : `${Math.round(share * 100)} %`;
}

export const markText = (mark: number): string => `0x${mark.toString(16)}`;

/** Returns `node inajob, as it is`. */
export function basisText({ node, basis, isEstablished = false }: Omit<Explanation, 'flows' | 'asked'>): string {
  const state =
    basis.kind === 'desired' ? 'as it should be' : basis.kind === 'node' ? 'as it is' : `as it was at ${basis.takenAt}`;
  // Conntrack repeats for every later packet what the rules of nat did to the first one.
  const packet = isEstablished ? ', in a connection that exists: the rules of nat saw only its first packet' : '';
  return `node ${node}, ${state}${packet}`;
}

/** Returns the source of a client's packets, also of those whose source the kernel chooses. */
export const clientSource = ({ client, trace }: Pick<Flow, 'client' | 'trace'>): string | undefined =>
  client.address ?? firstSource(trace);

const firstSource = ({ steps: [first] }: Trace): string | undefined => first?.ends.source;

/** Returns `IPv4 filter KUBE-IPVS-FILTER 6`, as `iptables -t filter -S KUBE-IPVS-FILTER 6` finds it. */
export const rulePlaceText = ({ family, table, chain, number }: RulePlace): string =>
  `rule ${number} of ${chain} (${family}, table ${table})`;

type BlameTexts = { readonly [Part in Blame['part']]: (blame: Extract<Blame, { part: Part }>) => string };

const blameTexts: BlameTexts = {
  rule: blame => `${rulePlaceText(blame)}: ${quoteCommand(blame.argv)}`,
  policy: ({ family, table, chain, policy }) => `the policy ${policy} of ${chain} (${family}, table ${table})`,
  sysctl: ({ name, value, needed, why }) => `${sysctlName(name)} is ${value}, and must be ${needed}: ${why}`,
  route: ({ to, why }) => `the route to ${to}: ${why}`,
  'virtual server': ({ server: { protocol, address, port }, why }) =>
    `virtual server ${protocol} ${addressAndPort(address, port)}: ${why}`,
  socket: ({ address, port, why }) => `port ${addressAndPort(address, port)}: ${why}`,
  source: ({ source, why }) => `the source ${source}: ${why}`,
  hairpin: ({ port, why }) => `the bridge port ${port}: ${why}`,
  link: ({ link, why }) => `the device ${link}: ${why}`,
  unknown: ({ why }) => why,
};

/** Returns the part of the node at which a packet's way ended, without a full stop. */
export const blameText = (blame: Blame): string => (blameTexts[blame.part] as (blame: Blame) => string)(blame);
