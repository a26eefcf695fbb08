import type { DatapathIndex } from '../datapath/datapath-index.js';
import type { Packet } from '../trace/packet.js';
import type { Hook } from '../trace/trace.js';
import type { RuleOption } from './rule.js';

/** What a target does with a packet that the rule fits. */
export type Effect =
  /** The packet goes on to the next rule. `packet` has what was changed: a mark. */
  | { readonly kind: 'continue'; readonly packet: Packet; readonly said?: string }
  | { readonly kind: 'accept'; readonly packet: Packet; readonly said?: string }
  | { readonly kind: 'drop' }
  | { readonly kind: 'return' }
  /** `how` is the word of iptables: `icmp-port-unreachable`, `tcp-reset`. */
  | { readonly kind: 'reject'; readonly how: string }
  /** The source or destination changes, and with it the whole connection. The walk through the table ends. */
  | {
      readonly kind: 'translate';
      readonly what: 'source' | 'destination';
      readonly packet: Packet;
      readonly said: string;
    }
  /** conntrack does not see the packet (`NOTRACK`). The walk goes on. */
  | { readonly kind: 'untracked'; readonly packet: Packet }
  /** kproxy does not know what happens: either the packet goes on, or it ends here. */
  | { readonly kind: 'unknown'; readonly why: string };

/** What a target needs to know of the place where a packet is. */
export interface TargetContext {
  readonly hook: Hook;
  /** The address that the packet goes to on its link: the gateway, or the destination. Undefined before routing. */
  readonly nextHop: string | undefined;
}

/** A target of iptables. A new one is one file with one of these and one line in `targets/index.ts`. */
export interface TargetKind {
  /** The name after `-j`. */
  readonly name: string;
  apply(options: readonly RuleOption[], packet: Packet, node: DatapathIndex, context: TargetContext): Effect;
}
