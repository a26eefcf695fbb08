import type { Element, Reason } from '../node/element.js';
import type { ClosedVip } from './service-claims.js';

/** A Service port that asked for a virtual server which an older Service holds. */
export interface Conflict {
  readonly servicePort: string;
  readonly holder: string;
  /** The virtual server's key. */
  readonly front: string;
}

/** An element with everyone who wants it. */
export interface Wanted {
  readonly element: Element;
  readonly reasons: readonly Reason[];
}

/** The sum of what all Services ask for. */
export interface Claims {
  readonly wanted: ReadonlyMap<string, Wanted>;
  readonly conflicts: readonly Conflict[];
  /** Wishes of Services that cannot be honoured, in lines for the user. */
  readonly problems: readonly string[];
  readonly closedToNode: readonly ClosedVip[];
}
