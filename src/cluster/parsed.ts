export type Parsed =
  | { readonly is: 'parsed'; readonly values: readonly unknown[] }
  | { readonly is: 'wrong'; readonly message: string; readonly position: number };

/** What JSON.parse gives, for those who have words of their own for a text that is no JSON. */
export function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
