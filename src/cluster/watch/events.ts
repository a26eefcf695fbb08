import type { ClusterKind } from '../kinds.js';
import type { RawObject } from '../objects.js';

export type FeedEvent =
  /** The whole list, first and whenever the kind had to be listed anew. What it does not have is gone. */
  | { readonly is: 'listed'; readonly kind: ClusterKind; readonly objects: readonly RawObject[] }
  | { readonly is: 'changed'; readonly kind: ClusterKind; readonly object: RawObject }
  | { readonly is: 'removed'; readonly kind: ClusterKind; readonly object: RawObject };
