/** Returns the noun in the form that fits the count: `address` or `addresses`. */
export const plural = (count: number, noun: string, pluralNoun = `${noun}s`): string =>
  count === 1 ? noun : pluralNoun;

/** Returns the count with its noun: `1 address`, `2 addresses`. */
export const countText = (count: number, noun: string, pluralNoun?: string): string =>
  `${count} ${plural(count, noun, pluralNoun)}`;
