import type { Family } from '../../net/address.js';
import type { Protocol } from '../../net/protocol.js';
import type { Client } from '../explanation.js';

/** What becomes of one client's packets to one address and port. */
export interface Question {
  readonly family: Family;
  readonly protocol: Protocol;
  readonly client: Client;
  readonly destination: { readonly address: string; readonly port: number };
  /** True for a packet of a connection that conntrack and IPVS know already. */
  readonly isEstablished: boolean;
}
