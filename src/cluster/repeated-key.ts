/** A key that an object of a JSON text has twice. */
export interface RepeatedKey {
  readonly key: string;
  /** Where it is for the second time. */
  readonly position: number;
}

/** In characters. Longer texts are lists that a program has written, and looking at each key would take long. */
const longestText = 1_000_000;

/** A string, which is a key if a colon follows, or the beginning or end of an object. */
const token = /"(?:[^"\\]|\\.)*"(?<colon>\s*:)?|[{}]/gs;

/**
 * Returns the first key that is there twice in one object of a JSON text, or undefined. JSON.parse takes the last one
 * without a word; the API server's strict validation refuses both, because a reader may have seen the other one.
 * @param text valid JSON
 */
export function repeatedKey(text: string): RepeatedKey | undefined {
  if (text.length > longestText) return undefined;
  const open: Set<string>[] = [];
  for (const found of text.matchAll(token)) {
    const [word] = found;
    if (word === '{') open.push(new Set());
    else if (word === '}') open.pop();
    else if (found.groups?.colon !== undefined) {
      const key: string = JSON.parse(word.slice(0, word.lastIndexOf('"') + 1));
      const known = open.at(-1);
      if (known?.has(key)) return { key, position: found.index };
      known?.add(key);
    }
  }
  return undefined;
}
