/** A key that an object of a JSON text has twice. */
export interface RepeatedKey {
  readonly key: string;
  /** Where it is for the second time. */
  readonly position: number;
}

/** What is said of a key that a mapping of a YAML text has twice. */
export const repeatedYamlKey = 'Map keys must be unique';

/**
 * Returns the first key that is there twice in one object of a JSON text, or undefined. JSON.parse takes the last one
 * without a word; the API server's strict validation refuses both, because a reader may have seen the other one.
 * Looks at each character once, whatever the text is: no expression, which a long string would take beyond V8's stack.
 * @param text valid JSON
 */
export function repeatedKey(text: string): RepeatedKey | undefined {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === openingBrace) open.push(new Set());
    else if (character === closingBrace) open.pop();
    else if (character === quote) {
      const end = endOfString(text, at);
      const known = isKey(text, end) ? open.at(-1) : undefined;
      if (known !== undefined) {
        const key = keyIn(text.slice(at, end));
        if (known.has(key)) return { key, position: at };
        known.add(key);
      }
      at = end - 1;
    }
  }
  return undefined;
}

const [openingBrace, closingBrace, quote, backslash] = [0x7b, 0x7d, 0x22, 0x5c] as const;

/** Returns the place after a string that starts at a place. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end + 1;
}

function isEscaped(text: string, place: number): boolean {
  let before = place;
  while (text.charCodeAt(before - 1) === backslash) before -= 1;
  return (place - before) % 2 === 1;
}

/** Returns true if a colon follows a string that ends at a place. */
function isKey(text: string, end: number): boolean {
  let at = end;
  while (blanks.has(text.charCodeAt(at))) at += 1;
  return text[at] === ':';
}

/** What JSON has between its parts: a tab, a line feed, a carriage return, a space. */
const blanks: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0d, 0x20]);

/** Two spellings of one key are the same key. */
const keyIn = (quoted: string): string => (quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1));
