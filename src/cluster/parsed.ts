export type Parsed =
  | { readonly is: 'parsed'; readonly values: readonly unknown[] }
  | { readonly is: 'wrong'; readonly message: string; readonly position: number };
