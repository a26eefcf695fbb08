import type { LocalAddress } from './tools/ip-address-list.js';

/** What the node is: read, never chosen. */
export interface NodeFacts {
  /** Addresses of all devices but the IPVS device. */
  readonly localAddresses: readonly LocalAddress[];
  /** `6.1.0-13-amd64`; undefined where it could not be read. */
  readonly kernelRelease: string | undefined;
}

export const unknownNode: NodeFacts = { localAddresses: [], kernelRelease: undefined };
