import { type Change, subjectOf } from '../../node/change.js';
import { keyOf } from '../../node/kinds/index.js';
import { contentsOf } from '../../plan/diff.js';
import { changeSentence } from './change-text.js';
import { someOf } from './sentences.js';

/** Names the changes that are needed beside the first one, except those of what it contains. */
export function furtherChanges(first: Change, others: readonly Change[]): string | undefined {
  const contained = new Set(contentsOf(new Set([keyOf(subjectOf(first))]), others.map(subjectOf)));
  const apart = others.filter(change => !contained.has(keyOf(subjectOf(change)))).map(changeSentence);
  return apart.length === 0 ? undefined : `It is not all that is wrong: ${someOf(apart)}`;
}
