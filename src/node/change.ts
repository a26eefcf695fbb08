import type { Element, Reason } from './element.js';

interface Why {
  readonly reasons: readonly Reason[];
}

/** One difference between the actual and the desired node, from which the script, the commands and the diff are written. */
export type Change<E extends Element = Element> =
  | (Why & { readonly verb: 'add'; readonly after: E })
  | (Why & { readonly verb: 'change'; readonly before: E; readonly after: E })
  | (Why & { readonly verb: 'remove'; readonly before: E });

/** The element that a change is about: as it will be, or as it was where it goes. */
export const subjectOf = <E extends Element>(change: Change<E>): E =>
  change.verb === 'remove' ? change.before : change.after;

/** The change that takes this one back. */
export function reversed<E extends Element>(change: Change<E>): Change<E> {
  const { reasons } = change;
  if (change.verb === 'add') return { verb: 'remove', before: change.after, reasons };
  if (change.verb === 'remove') return { verb: 'add', after: change.before, reasons };
  return { verb: 'change', before: change.after, after: change.before, reasons };
}
