import type { KeyLabel } from '../page/page.js';
import { keyWords } from './keys/names.js';
import type { Place } from './places/place.js';
import type { Session } from './session.js';

/** Returns what the line at the foot of a place shows. */
export function keyLabels({ texts }: Session, { enter, keys }: Pick<Place, 'enter' | 'keys'>): readonly KeyLabel[] {
  const shown = keyWords.filter(({ name }) => keys.includes(name));
  return [
    { key: 'Enter', does: texts.enter[enter] },
    ...shown.map(({ name, letter }) => ({ key: letter, does: texts.keys[name] })),
  ];
}
