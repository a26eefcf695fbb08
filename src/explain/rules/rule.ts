/** A rule of iptables, split into what it matches and what it does. */
export interface ParsedRule {
  /** In the order in which the kernel asks them. */
  readonly matches: readonly RuleMatch[];
  /** Undefined for a rule that only counts. */
  readonly target: RuleTarget | undefined;
}

/** One match: the options of the rule itself (`-s`, `-p`, `-i`), or those of a module. */
export interface RuleMatch {
  /** `set`, `conntrack`. Empty for an option of the rule itself. */
  readonly module: string;
  readonly options: readonly RuleOption[];
  /** The words of the rule that it was read from. */
  readonly words: readonly string[];
}

export interface RuleTarget {
  readonly kind: 'jump' | 'goto';
  readonly name: string;
  readonly options: readonly RuleOption[];
}

export interface RuleOption {
  /** True after `!`. */
  readonly isNegated: boolean;
  /** `--match-set`, `-s`. */
  readonly name: string;
  readonly values: readonly string[];
}
