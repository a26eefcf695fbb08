/** Returns the noun in the form that fits the count: `address` or `addresses`. */
export const plural = (count: number, noun: string, pluralNoun = `${noun}s`): string =>
  count === 1 ? noun : pluralNoun;

/** Returns the count with its noun: `1 address`, `2 addresses`. */
export const countText = (count: number, noun: string, pluralNoun?: string): string =>
  `${count} ${plural(count, noun, pluralNoun)}`;

/** Returns `a`, `a or b`, `a, b or c`. */
export const listText = (parts: readonly string[], conjunction: 'and' | 'or'): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${conjunction} ${parts.at(-1) ?? ''}`;

/** Returns the first items of a list, and how many more there are: `a, b, c and 2 more`. */
export const someText = (items: readonly string[], most = 3): string =>
  items.length <= most ? items.join(', ') : `${items.slice(0, most).join(', ')} and ${items.length - most} more`;
