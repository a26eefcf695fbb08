import type { Element } from './element.js';
import type { Reason } from './reason.js';

interface Explanation {
  /** Set only for a plan's own steps, such as temporary sets. All other changes have the reasons of their element. */
  readonly reasons?: readonly Reason[];
}

/** One difference between the actual and the desired node. The script, the commands and the diff derive from it. */
export type Change<E extends Element = Element> = Explanation &
  (
    | { readonly verb: 'add'; readonly after: E }
    | {
        readonly verb: 'change';
        readonly before: E;
        readonly after: E;
        /** For jumps: rules of other software that end a packet's way before it reaches them. */
        readonly behind?: readonly string[];
        /** For sets: what of other software uses it, so that it cannot be destroyed. */
        readonly users?: readonly string[];
      }
    | { readonly verb: 'remove'; readonly before: E }
  );

/** Returns the element that a change is about: as it will be, or as it was if it is removed. */
export const subjectOf = <E extends Element>(change: Change<E>): E =>
  change.verb === 'remove' ? change.before : change.after;

/**
 * Returns true for a change that takes something away: an element, or all rules of a chain that cannot be removed
 * because other software uses it.
 */
export const isRemoval = (change: Change): boolean =>
  change.verb === 'remove' ||
  (change.verb === 'change' && change.after.kind === 'chain' && change.after.rules.length === 0);
