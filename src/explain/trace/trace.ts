import type { VirtualServerAddress } from '../../node/element.js';
import type { Ends } from './packet.js';

/** The way of a packet: steps one after another, and then its end or a fork. A tree of plain data. */
export interface Trace {
  readonly steps: readonly Step[];
  readonly end: End | Fork;
}

/** A place at which packets take different ways. */
export interface Fork {
  readonly kind: 'fork';
  /** `backend`: IPVS selects one. `chance`: a limit or a statistic. `unknown`: kproxy does not understand a rule. */
  readonly by: 'backend' | 'chance' | 'unknown';
  readonly branches: readonly Branch[];
}

export interface Branch {
  /** `10.244.1.3:8080`, `the rule matches`. */
  readonly label: string;
  /** The share of packets, from 0 to 1, or undefined if it is not known. */
  readonly share: number | undefined;
  /** Set for a fork by backend. */
  readonly backend?: BackendChoice;
  readonly trace: Trace;
}

/** Where a backend is, seen from the client and this node. */
export type BackendPlace = 'here' | 'elsewhere' | 'the client itself';

export interface BackendChoice {
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  readonly place: BackendPlace;
}

/** How a packet's way ends. */
export interface End {
  readonly kind: 'end';
  readonly verdict: Verdict;
  /** What the client gets: `Connection refused`, `no answer (timeout)`, `an answer from 10.254.10.128:80`. */
  readonly clientSees: string;
  /** The source that the backend saw. Undefined if the packet did not reach one. */
  readonly seenSource?: string;
  /** The address and port of what answered, or would have. */
  readonly server?: { readonly address: string; readonly port: number; readonly place: BackendPlace | 'this node' };
  /** What ended the way, if it did not end well. */
  readonly blame?: Blame;
}

export type Verdict = 'answered' | 'refused' | 'dropped' | 'unanswered' | 'unknown';

/** The part of the node at which a packet's way ended. */
export type Blame =
  | ({ readonly part: 'rule' } & RulePlace & { readonly argv: readonly string[] })
  /** The policy of a built-in chain. */
  | {
      readonly part: 'policy';
      readonly family: 'IPv4' | 'IPv6';
      readonly table: string;
      readonly chain: string;
      readonly policy: string;
    }
  | {
      readonly part: 'sysctl';
      readonly name: string;
      readonly value: string;
      readonly needed: string;
      readonly why: string;
    }
  | { readonly part: 'route'; readonly to: string; readonly why: string }
  | {
      readonly part: 'virtual server';
      readonly server: VirtualServerAddress;
      readonly why: string;
      readonly near?: string;
    }
  /** No process listens on the port. */
  | { readonly part: 'socket'; readonly address: string; readonly port: number; readonly why: string }
  /** A packet that its source should have been changed for: the answer goes another way. */
  | { readonly part: 'source'; readonly source: string; readonly why: string }
  | { readonly part: 'hairpin'; readonly port: string; readonly why: string }
  | { readonly part: 'link'; readonly link: string; readonly why: string }
  | { readonly part: 'unknown'; readonly why: string };

/** Where a rule is. Numbers start at 1, as in `iptables -D CHAIN 1`. */
export interface RulePlace {
  readonly family: 'IPv4' | 'IPv6';
  readonly table: string;
  readonly chain: string;
  readonly number: number;
}

/** In the order of a packet's way. */
export const hooks = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const;

export type Hook = (typeof hooks)[number];

/** `there`: from the client to the backend. `back`: the answer. */
export type Way = 'there' | 'back';

interface StepBase {
  readonly way: Way;
  /** The packet's ends after this step. */
  readonly ends: Ends;
}

export type Step = ArrivalStep | TableStep | RoutingStep | IpvsStep | ConntrackStep | DeliveryStep;

/** The packet comes into being on the node, or arrives at it. */
export interface ArrivalStep extends StepBase {
  readonly kind: 'arrival';
  /** Undefined for the node's own process. */
  readonly device: string | undefined;
  readonly bridgePort: string | undefined;
  /** `from a process of this node`, `from 10.244.1.9 on cni0`. */
  readonly text: string;
}

/** A table of a hook. Tables without rules at this hook have no step. */
export interface TableStep extends StepBase {
  readonly kind: 'table';
  readonly hook: Hook;
  readonly table: string;
  /** The ends before the table. */
  readonly before: Ends;
  readonly markBefore: number;
  readonly markAfter: number;
  /** Every rule that was asked, in order; jumps are followed by the rules of the chain that they go to. */
  readonly rules: readonly RuleStep[];
  /** How the table let the packet go: `accept` by a rule, `policy`, `drop`, `reject`, or a translation. */
  readonly result: 'accept' | 'policy' | 'drop' | 'reject' | 'translate' | 'uncertain';
  /** The policy that decided, if it did. */
  readonly policy?: string;
  /** Why no rule was asked, as a clause. Set only if `rules` is empty. */
  readonly note?: string;
}

export interface RuleStep extends RulePlace {
  /** How many jumps deep. 0 in the built-in chain. */
  readonly depth: number;
  readonly argv: readonly string[];
  readonly matched: 'yes' | 'no' | 'maybe';
  /** The word of the rule that did not match, if it is one: `-p tcp`. */
  readonly failed?: string;
  readonly because?: Because;
  /** What the rule did: `mark 0x4000`, `source becomes 192.168.33.11`. */
  readonly effect?: string;
  /** The packets that the node has counted for it. */
  readonly packets?: number;
  /** Why kproxy has the rule. Undefined for rules of other software. */
  readonly why?: RuleWhy;
}

/** What made a match fit or not, if the words of the rule do not say it. */
export interface Because {
  /** The set that was looked up. */
  readonly set?: string;
  /** The entry that fits: `10.254.10.128,tcp:80`. */
  readonly entry?: string;
  /** What would have to be in the set, or in the packet: `10.254.10.128,udp:80`. */
  readonly looked?: string;
  /** An entry that almost fits: `10.254.10.128,tcp:80` for `udp:80`. */
  readonly near?: string;
  /** A clause for everything else: `10.254.10.128 is an address of this node`. */
  readonly text?: string;
}

export interface RuleWhy {
  /** A whole sentence. */
  readonly why: string;
  /** The Service ports that need it, for a rule about a set: those of the entry that matched, or else all of them. */
  readonly servicePorts: readonly string[];
}

export interface RoutingStep extends StepBase {
  readonly kind: 'routing';
  /** `10.254.10.128 is an address of this node, on kube-ipvs0`, `10.244.2.2 via 192.168.33.12 on eth0`. */
  readonly text: string;
  readonly isLocal: boolean;
  readonly device: string | undefined;
  readonly gateway: string | undefined;
}

export interface IpvsStep extends StepBase {
  readonly kind: 'ipvs';
  readonly before: Ends;
  /** `balances`: selects a real server. `restores`: gives an answer the address of the virtual server. `no server`. */
  readonly does: 'balances' | 'restores' | 'has no virtual server' | 'has no real server';
  readonly server?: VirtualServerAddress;
  readonly scheduler?: string;
  readonly persistenceSeconds?: number;
  readonly candidates: readonly BackendChoice[];
  readonly text: string;
}

/** conntrack changes an address back, or does not know the connection. */
export interface ConntrackStep extends StepBase {
  readonly kind: 'conntrack';
  readonly before: Ends;
  readonly text: string;
}

/** The packet reaches a backend, a process of this node, the client, or leaves the node for good. */
export interface DeliveryStep extends StepBase {
  readonly kind: 'delivery';
  readonly to: 'backend' | 'this node' | 'client' | 'elsewhere';
  readonly text: string;
}
