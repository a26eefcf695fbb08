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
