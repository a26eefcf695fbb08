import type { Family } from '../../net/address.js';
import type { Protocol } from '../../net/protocol.js';
import type { Client } from '../explanation.js';
import type { RulePlace, RuleWhy } from '../trace.js';

/** What becomes of one client's packets to one address and port. */
export interface Question {
  readonly family: Family;
  readonly protocol: Protocol;
  readonly client: Client;
  readonly destination: { readonly address: string; readonly port: number };
  /** True for a packet of a connection that conntrack and IPVS know already. */
  readonly isEstablished: boolean;
}

/** What the node itself does not show, and the walk has to assume or be given. */
export interface World {
  /**
   * Whether other nodes have the VIPs as addresses of their own, as those programmed by kproxy or by kube-proxy in ipvs
   * mode do. Answers to a VIP then stay on the backend's node.
   */
  readonly othersHoldVips: boolean;
  /** Returns true for an address that kproxy gives the nodes for Services. */
  isVip(address: string): boolean;
  /** Returns where the Pod with this address runs. Undefined if the cluster does not say it. */
  placeOf(address: string): 'here' | 'elsewhere' | undefined;
  /** Returns why kproxy has a rule, or undefined for rules of other software. */
  whyOf(place: RulePlace, argv: readonly string[]): RuleWhy | undefined;
}

/** A cluster in which kproxy runs on every node, and of which nothing else is known. */
export const usualWorld: World = {
  othersHoldVips: true,
  isVip: () => false,
  placeOf: () => undefined,
  whyOf: () => undefined,
};
