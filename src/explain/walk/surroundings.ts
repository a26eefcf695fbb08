import type { RulePlace, RuleWhy } from '../trace/trace.js';

/** What the node itself does not show, and the walk has to assume or be given. */
export interface Surroundings {
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
export const usualSurroundings: Surroundings = {
  othersHoldVips: true,
  isVip: () => false,
  placeOf: () => undefined,
  whyOf: () => undefined,
};
