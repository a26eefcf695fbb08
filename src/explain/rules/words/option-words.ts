import type { RuleOption } from '../rule.js';

/** Returns the type of a set by its name, or undefined if it is not known. */
export type TypeOfSet = (name: string) => string | undefined;

/** Returns a relative clause about the packets that an option fits: `whose source is in 10.244.0.0/16`. */
export type OptionWords = (option: RuleOption, typeOfSet: TypeOfSet) => string | undefined;
