import { type KubeObject, mappingOf } from '../../objects/object.js';
import { ageText } from '../age.js';

/** A column of a table of objects. */
export interface Column {
  readonly header: string;
  readonly cell: (object: KubeObject, now: Date) => string;
  /** True if only `-o wide` shows it. */
  readonly isWide?: true;
}

export const ageColumn: Column = {
  header: 'AGE',
  cell: ({ metadata }, now) => ageText(metadata.creationTimestamp, now),
};

/** Returns labels or a selector as `a=b,c=d`. */
export const pairsText = (pairs: unknown): string =>
  Object.entries(mappingOf(pairs))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(',') || '<none>';
