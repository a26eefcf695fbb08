export type Protocol = 'tcp' | 'udp' | 'sctp';

/** A small server: it answers with its machine's or pod's name and with the address that it sees the client at. */
export interface ServedPort {
  readonly protocol: Protocol;
  readonly port: number;
}

/** A way to a network that is not the machine's own. */
export interface Route {
  /** `10.0.0.0/24`. */
  readonly to: string;
  readonly via: string;
}

/** A machine on the underlay, the network that joins all machines. Its name is that of its network namespace: at most 15 letters. */
export interface Machine {
  readonly name: string;
  /** With prefix length, IPv4 and IPv6: `192.168.33.11/24`. */
  readonly addresses: readonly string[];
  readonly routes?: readonly Route[];
  readonly serves?: readonly ServedPort[];
}

/** A machine of the cluster. It knows the way to the pods of every other node. */
export interface NodeMachine extends Machine {
  /** The addresses of its pod bridge with prefix length: `10.244.1.1/24`. None: a node without pods. */
  readonly podBridge: readonly string[];
}

/** A pod, on the pod bridge of its node. Its name is that of its network namespace. */
export interface Pod {
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

export function isIpv6(address: string): boolean {
  return address.includes(':');
}
