/** Why an element is desired: the claimant, and the packet that would go wrong without the element. */
export interface Reason {
  /** `default/web-service:http`, or undefined for what every node needs. */
  readonly servicePort: string | undefined;
  /** A whole sentence. */
  readonly why: string;
}

/** Why a rule is desired. */
export interface RuleReason {
  /** A whole sentence. */
  readonly why: string;
  /** The sets whose entries make the rule necessary. */
  readonly sets: readonly string[];
}

/** The reasons of all desired elements, by their keys. */
export interface Reasons {
  /** Returns nothing for an element that is not desired. */
  of(key: string): readonly Reason[];
  /** Returns a reason for each rule of a chain or of jumps, in order. */
  ofRules(key: string): readonly RuleReason[];
}

export const noReasons: Reasons = { of: () => [], ofRules: () => [] };
