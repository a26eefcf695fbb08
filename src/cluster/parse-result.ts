/** The documents of a text, or its first error with the offset in the text. */
export type ParseResult =
  | { readonly ok: true; readonly values: readonly unknown[] }
  | { readonly ok: false; readonly message: string; readonly position: number };
