import type { Rule } from '../../node/element.js';
import { hasSameWords } from '../../node/rule-words.js';

/** One rule that a chain has too many, or that it lacks. */
export interface RuleEdit {
  readonly verb: 'insert' | 'delete';
  readonly rule: Rule;
  /** The rule's number in the chain as it is: where it is, or where it belongs. Starts at 1. */
  readonly number: number;
  /** The rule's index among the desired rules, for an insertion. */
  readonly index: number;
}

/** A rule of both lists, or an edit that leads from one list to the other. */
type Line = { readonly verb: 'keep'; readonly rule: Rule } | RuleEdit;

/** Leads from one list of rules to another, rule by rule, in the order of the chain. */
export class RuleScript {
  readonly edits: readonly RuleEdit[];
  readonly #lines: readonly Line[];

  constructor(actual: readonly Rule[], desired: readonly Rule[]) {
    this.#lines = linesBetween(actual, desired);
    this.edits = this.#lines.filter(line => line.verb !== 'keep');
  }

  /** Returns the rules after some of the edits. */
  after(edits: readonly RuleEdit[]): readonly Rule[] {
    const isMade = (line: RuleEdit): boolean => edits.includes(line);
    return this.#lines
      .filter(line => line.verb === 'keep' || isMade(line) === (line.verb === 'insert'))
      .map(({ rule }) => rule);
  }
}

/** Walks both lists along a longest common part. */
function linesBetween(actual: readonly Rule[], desired: readonly Rule[]): readonly Line[] {
  const lengths = commonLengths(actual, desired);
  const lines: Line[] = [];
  let [at, index] = [0, 0];
  while (at < actual.length || index < desired.length) {
    const [present, wanted] = [actual[at], desired[index]];
    const isKept = present !== undefined && wanted !== undefined && hasSameWords(present, wanted);
    const isInserted =
      wanted !== undefined &&
      (present === undefined || length(lengths, at, index + 1) >= length(lengths, at + 1, index));
    if (isKept) lines.push({ verb: 'keep', rule: present });
    else if (isInserted) lines.push({ verb: 'insert', rule: wanted, number: at + 1, index });
    else if (present !== undefined) lines.push({ verb: 'delete', rule: present, number: at + 1, index });
    at += isKept || !isInserted ? 1 : 0;
    index += isKept || isInserted ? 1 : 0;
  }
  return lines;
}

type Lengths = readonly (readonly number[])[];
const length = (lengths: Lengths, at: number, index: number): number => lengths[at]?.[index] ?? 0;

/** Returns how many rules two lists have in common, from each pair of places on. */
function commonLengths(one: readonly Rule[], other: readonly Rule[]): Lengths {
  const lengths = Array.from({ length: one.length + 1 }, () => new Array<number>(other.length + 1).fill(0));
  for (let at = one.length - 1; at >= 0; at -= 1)
    for (let index = other.length - 1; index >= 0; index -= 1) {
      const row = lengths[at] as number[];
      row[index] = hasSameWords(one[at] as Rule, other[index] as Rule)
        ? length(lengths, at + 1, index + 1) + 1
        : Math.max(length(lengths, at + 1, index), length(lengths, at, index + 1));
    }
  return lengths;
}
