import type { LocalAddress } from './tools/ip-address-list.js';

/** What the desired state needs to know of a node. It is read and never programmed. */
export interface NodeFacts {
  /** The addresses of all devices but the IPVS device. */
  readonly localAddresses: readonly Omit<LocalAddress, 'kind'>[];
  /** `6.1.0-13-amd64`. Undefined if it could not be read. */
  readonly kernelRelease: string | undefined;
  /** Schedulers that Services ask for and that the kernel turned out not to have. Undefined if none was tried. */
  readonly missingSchedulers?: readonly string[];
}

/** Returns the node's own addresses, of both families. */
export const addressesOf = ({ localAddresses }: NodeFacts): ReadonlySet<string> =>
  new Set(localAddresses.map(({ address }) => address));

export const unknownFacts: NodeFacts = { localAddresses: [], kernelRelease: undefined };
