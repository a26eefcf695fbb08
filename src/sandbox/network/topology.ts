import type { protocolNames } from '../../net/protocol.js';

export type Protocol = (typeof protocolNames)[keyof typeof protocolNames];

/** A port of a server that answers with the name of its machine or Pod and with the client's address as it sees it. */
export interface ServedPort {
  readonly protocol: Protocol;
  readonly port: number;
}

/** A route to a network that the machine has no address in. */
export interface Route {
  /** `10.0.0.0/24`. */
  readonly to: string;
  readonly via: string;
}

/** A machine on the underlay, the network that joins all machines. */
export interface Machine {
  /** Also the name of its network namespace. At most 15 characters. */
  readonly name: string;
  /** IPv4 and IPv6, with prefix length: `192.168.33.11/24`. */
  readonly addresses: readonly string[];
  readonly routes?: readonly Route[];
  readonly serves?: readonly ServedPort[];
}

/** A machine of the cluster, with routes to the Pods of every other node. */
export interface NodeMachine extends Machine {
  /** The addresses of its Pod bridge, with prefix length: `10.244.1.1/24`. Empty for a node without Pods. */
  readonly podBridge: readonly string[];
}

/** A Pod on the Pod bridge of its node. */
export interface Pod {
  /** Also the name of its network namespace. */
  readonly name: string;
  readonly node: string;
  readonly addresses: readonly string[];
  readonly serves?: readonly ServedPort[];
}

export interface Topology {
  readonly nodes: readonly NodeMachine[];
  readonly pods: readonly Pod[];
  /** Machines outside the cluster. */
  readonly clients: readonly Machine[];
}
