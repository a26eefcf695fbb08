/** A template of `-o jsonpath=`: texts, and expressions between braces. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly steps: readonly Step[] }
  | { readonly kind: 'range'; readonly steps: readonly Step[]; readonly parts: readonly Part[] };

/** One step into a value. */
export type Step =
  | { readonly kind: 'root' }
  | { readonly kind: 'current' }
  | { readonly kind: 'fields'; readonly names: readonly string[] }
  | { readonly kind: 'all' }
  | { readonly kind: 'deep'; readonly name: string }
  | { readonly kind: 'slice'; readonly from?: number; readonly to?: number }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'filter'; readonly filter: Filter };

export interface Filter {
  readonly left: Operand;
  readonly operator: '==' | '!=' | '<' | '>' | '<=' | '>=' | 'exists';
  readonly right?: Operand;
}

export type Operand =
  | { readonly kind: 'path'; readonly steps: readonly Step[] }
  | { readonly kind: 'value'; readonly value: unknown };
