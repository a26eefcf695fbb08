import type { Reasons } from '../node/element.js';
import type { Known } from '../node/filled-state.js';
import type { ElementLookup } from '../node/state.js';
import type { ClosedVip } from './service-claims.js';

/** A Service port that asked for a virtual server which an older Service holds. */
export interface Conflict {
  readonly servicePort: string;
  readonly holder: string;
  /** The virtual server's key. */
  readonly front: string;
}

/** The sum of what all Services ask for. */
export interface Claims {
  readonly elements: ElementLookup;
  /** The elements, without what stays although no Service asks for it. */
  readonly asked: Known;
  /** Of those elements. */
  readonly reasons: Reasons;
  /** Kernel name of each set → how many entries are wanted. */
  readonly setSizes: ReadonlyMap<string, number>;
  readonly conflicts: readonly Conflict[];
  /** Wishes of Services that cannot be honoured, in lines for the user. */
  readonly problems: readonly string[];
  readonly closedToNode: readonly ClosedVip[];
}
