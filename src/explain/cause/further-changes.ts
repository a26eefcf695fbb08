import { type Change, subjectOf } from '../../node/change.js';
import { keyOf } from '../../node/kinds/index.js';
import { contentsOf } from '../../plan/diff.js';
import { countText } from '../../text.js';
import { changeSentence } from './change-text.js';
import { paragraph } from './sentences.js';

/** How many further changes are named. */
const mostNamed = 3;

/** Returns the changes that are needed beside the first one, except those of what it contains. */
export function apartFrom(first: Change, others: readonly Change[]): readonly Change[] {
  const contained = new Set(contentsOf(new Set([keyOf(subjectOf(first))]), others.map(subjectOf)));
  return others.filter(change => !contained.has(keyOf(subjectOf(change))));
}

/** Names further changes, or returns undefined if there are none. */
export function furtherChanges(changes: readonly Change[]): string | undefined {
  if (changes.length === 0) return undefined;
  const more = changes.length - mostNamed;
  return paragraph(
    'It is not all that is wrong:',
    ...changes.slice(0, mostNamed).map(changeSentence),
    more > 0 ? `${countText(more, 'more change')} ${more === 1 ? 'is' : 'are'} needed too.` : undefined,
  );
}
