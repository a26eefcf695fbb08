import type { Family } from '../net/address.js';
import type { Protocol } from '../net/protocol.js';
import type { BackendPlace, Blame, Trace, Verdict } from './trace/trace.js';

/** What `explain` has to say about a target: the value that text, JSON, Mermaid and HTML are drawn from. */
export interface Explanation {
  /** The node's name. */
  readonly node: string;
  /** What was looked at: the node as it is, a snapshot (with the time it was taken), or the node as it should be. */
  readonly basis:
    | { readonly kind: 'node' }
    | { readonly kind: 'snapshot'; readonly takenAt: string }
    | { readonly kind: 'desired' };
  /** The target as the user named it. */
  readonly asked: string;
  /** True for a packet of a connection that conntrack and IPVS know already. */
  readonly isEstablished?: boolean;
  readonly flows: readonly Flow[];
}

/** One kind of client to one address and port. */
export interface Flow {
  readonly target: Target;
  readonly client: Client;
  readonly family: Family;
  readonly protocol: Protocol;
  /** The worst that happens to a packet of the client: `answered` only if every backend answers. */
  readonly verdict: Verdict;
  /** What the client gets: `an answer`, `Connection refused`, `no answer (timeout)`. */
  readonly clientSees: string;
  /** What becomes of the packets that each backend gets. Empty if none gets any. */
  readonly backends: readonly BackendResult[];
  /** Set if the verdict is not `answered`, or if the flow is not treated as it should be. */
  readonly cause: Cause | undefined;
  readonly trace: Trace;
  /** What the probe of the node got, with `--probe`. */
  readonly probe?: ProbeResult;
}

export interface Target {
  readonly address: string;
  readonly port: number;
  /** `default/web-service:http`. Undefined for an address that no Service has. */
  readonly servicePort: string | undefined;
  /** `cluster IP`, `node port`, `external IP`, `load balancer`, `address`. */
  readonly kind: 'cluster IP' | 'node port' | 'external IP' | 'load balancer' | 'address';
}

export type ClientKind = 'pod' | 'pod elsewhere' | 'backend' | 'node' | 'outside' | 'address';

export interface Client {
  readonly kind: ClientKind;
  /** `a Pod on this node`, `pod/web-1`, `a machine outside`. */
  readonly label: string;
  /** Undefined for the node's own process, whose source the kernel chooses. */
  readonly address: string | undefined;
}

export interface BackendResult {
  readonly address: string;
  readonly port: number;
  readonly place: BackendPlace | 'this node';
  /** The source that the backend sees. Undefined if the packet does not reach it. */
  readonly source: string | undefined;
  readonly verdict: Verdict;
  readonly clientSees: string;
  /** From 0 to 1. Undefined if it is not known. */
  readonly share: number | undefined;
}

/** The one thing that makes a flow fail, or be treated otherwise than it should be. */
export interface Cause {
  /** One sentence: `The entry 10.254.10.128,tcp:80 is missing in KUBE-CLUSTER-IP.` */
  readonly summary: string;
  /** What goes wrong without it, or through it: a whole sentence. */
  readonly why: string | undefined;
  readonly blame:
    | Blame
    | { readonly part: 'change'; readonly change: string }
    | { readonly part: 'endpoints'; readonly why: string };
  /** Commands that fix it, as a shell would take them. Empty if kproxy does not know any. */
  readonly commands: readonly string[];
  /** What almost fits: `KUBE-CLUSTER-IP has 10.254.10.128,tcp:80, and the packet is for udp:80.` Whole sentences. */
  readonly nearMisses: readonly string[];
}

export interface ProbeResult {
  readonly verdict: Verdict;
  /** What the probe got: `answered`, `Connection refused`, `no answer within 2 s`. */
  readonly text: string;
  readonly agrees: boolean;
}
