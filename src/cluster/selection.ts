import type { ClusterKind } from './kinds.js';

/** Which objects of a kind the API server selects, so that no others are sent. An empty selection is all of them. */
export interface Selection {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /**
   * Whether an older API server may not know the field. The kind is then read without the field selector, and the
   * objects that it would leave out are ignored later.
   */
  readonly isFieldNew?: boolean;
}

/** The selections of several kinds. A kind without one is read completely. */
export type Selections = { readonly [Kind in ClusterKind]?: Selection };

/** Parameters of a request. Those that are undefined are left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/** Returns a selection as parameters of a list or a watch. */
export const selectionQuery = ({ labelSelector, fieldSelector }: Selection = {}): Query => ({
  labelSelector,
  fieldSelector,
});

/** Returns the selection for a server that does not know its field. */
export const withoutField = ({ labelSelector }: Selection): Selection =>
  labelSelector === undefined ? {} : { labelSelector };

/** Returns a path with its parameters, in their order. */
export function withQuery(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}
