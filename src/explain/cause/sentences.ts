/** Returns a clause or sentence as a sentence: with a capital letter and a full stop. */
export const sentence = (text: string): string => {
  const whole = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
};

/** Joins sentences. Leaves out what is undefined, and returns undefined if nothing is left. */
export const paragraph = (...sentences: readonly (string | undefined)[]): string | undefined => {
  const known = sentences.filter(text => text !== undefined);
  return known.length === 0 ? undefined : known.join(' ');
};

const longestList = 3;

/** Returns the first items of a list, and how many more there are: `a, b, c and 2 more`. */
export const someOf = (items: readonly string[]): string =>
  items.length <= longestList
    ? items.join(', ')
    : `${items.slice(0, longestList).join(', ')} and ${items.length - longestList} more`;
