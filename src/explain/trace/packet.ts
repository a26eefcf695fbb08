import type { Family } from '../../net/address.js';
import type { Protocol } from '../../net/protocol.js';
import type { VirtualServerAddress } from '../../node/element.js';

/** Both ends of a packet, as they are at some place of its way. */
export interface Ends {
  readonly source: string;
  /** Undefined for a port that the client's kernel chooses. */
  readonly sourcePort: number | undefined;
  readonly destination: string;
  readonly destinationPort: number | undefined;
}

/** What conntrack calls a packet. */
type ConntrackState = 'NEW' | 'ESTABLISHED' | 'RELATED' | 'INVALID' | 'UNTRACKED';

/** A packet at one place of its way, with everything that rules can match. */
export interface Packet extends Ends {
  readonly family: Family;
  readonly protocol: Protocol;
  readonly mark: number;
  readonly connectionMark: number;
  readonly state: ConntrackState;
  /** True for an ICMP error about a packet of the protocol, which the node sends to the client. */
  readonly isError?: boolean;
  /** True for the answers of a connection. */
  readonly isReply: boolean;
  /** Whether conntrack has changed an address of the connection, for `--ctstate SNAT` and `DNAT`. */
  readonly isSourceTranslated: boolean;
  readonly isDestinationTranslated: boolean;
  /** The ends of the connection's first packet, before any change. */
  readonly original: Ends;
  readonly inputDevice: string | undefined;
  readonly outputDevice: string | undefined;
  /** The bridge's port through which the packet came. `unknown` if it came through one that is not known. */
  readonly bridgePortIn: string | undefined;
  /** The port through which a packet leaves that the bridge itself forwards. */
  readonly bridgePortOut: string | undefined;
  /** The virtual server through which IPVS has balanced the connection. */
  readonly virtual: VirtualServerAddress | undefined;
  /** True once IPVS has sent this packet on: a request to a real server, an answer with the address of the VIP. */
  readonly isSentByIpvs?: boolean;
}

/** Returns true for a packet with the header of a protocol. */
export const carries = ({ protocol, isError }: Packet, wanted: Protocol): boolean =>
  protocol === wanted && isError !== true;

export const endsOf = ({ source, sourcePort, destination, destinationPort }: Ends): Ends => ({
  source,
  sourcePort,
  destination,
  destinationPort,
});
