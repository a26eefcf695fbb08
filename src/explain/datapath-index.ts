import type { Family } from '../net/address.js';
import type {
  Datapath,
  DatapathLink,
  DatapathServer,
  LinkAddress,
  MatchSet,
  RuleChain,
} from '../node/datapath/datapath.js';
import type { VirtualServerAddress } from '../node/element.js';

/** A node's datapath with what the walk looks up at every step. */
export interface DatapathIndex {
  readonly datapath: Datapath;
  set(name: string): MatchSet | undefined;
  chain(family: Family, table: string, name: string): RuleChain | undefined;
  link(name: string): DatapathLink | undefined;
  sysctl(path: string): string | undefined;
  server(address: VirtualServerAddress): DatapathServer | undefined;
  /** Returns true if the kernel delivers packets to this address to the node itself (the routes of type `local`). */
  isLocal(address: string): boolean;
  isBroadcast(address: string): boolean;
  /**
   * Returns the address that MASQUERADE gives packets that leave through a device towards the next hop, or undefined if
   * the device has none of the family.
   */
  masqueradeAddress(family: Family, device: string, nextHop: string): string | undefined;
  addressesOf(device: string): readonly LinkAddress[];
}
