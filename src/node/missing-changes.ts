import { withBreaths } from '../breath.js';
import type { NodeAccess } from './access.js';
import { sortFindings } from './actual-state.js';
import { type Change, subjectOf } from './change.js';
import type { Element, ElementKindName } from './element.js';
import { keyOf, kindOf } from './kinds/index.js';
import { partOf } from './part.js';
import { readParts } from './read.js';

/** What a comparison of changes with the node shows. */
export interface Comparison {
  /** The changes that are not on the node, in their order. */
  readonly missing: readonly Change[];
  /** The kinds of which the node has an element. */
  readonly kinds: ReadonlySet<ElementKindName>;
}

/** Reads the parts of the node that changes are about, and compares. */
export async function compareWith(node: NodeAccess, changes: readonly Change[]): Promise<Comparison> {
  const parts = new Set(changes.map(change => partOf(subjectOf(change))).filter(part => part !== undefined));
  const wanted = new Set(changes.map(change => keyOf(subjectOf(change))));
  const present = new Map<string, Element>();
  const kinds = new Set<ElementKindName>();
  const sorting = sortFindings(await readParts(node, parts), element => {
    kinds.add(element.kind);
    const key = keyOf(element);
    if (wanted.has(key)) present.set(key, element);
  });
  await withBreaths(sorting);
  const missing = changes.filter(change => !isMade(change, present.get(keyOf(subjectOf(change)))));
  return { missing, kinds };
}

const isMade = (change: Change, present: Element | undefined): boolean =>
  change.verb === 'remove'
    ? present === undefined
    : present !== undefined && kindOf(change.after).same(present, change.after);
