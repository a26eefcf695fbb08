import type { ClusterKind } from '../kinds.js';
import type { RawObject } from '../objects.js';

export type FeedEvent =
  /** The complete list: the first event of a kind, and again after each relist. Objects that are not in it are gone. */
  | {
      readonly is: 'listed';
      readonly kind: ClusterKind;
      readonly objects: readonly RawObject[];
      /** The kind may not be listed with these credentials, and the list is empty for that reason. */
      readonly isForbidden?: boolean;
    }
  | { readonly is: 'changed'; readonly kind: ClusterKind; readonly object: RawObject }
  | { readonly is: 'removed'; readonly kind: ClusterKind; readonly object: RawObject };
