/** The transport protocols that a Service port can have. */
export const protocols = ['TCP', 'UDP', 'SCTP'] as const;
export type Protocol = (typeof protocols)[number];

/** Returns true for the upper-case name of a protocol. */
export const isProtocol = (text: string): text is Protocol => (protocols as readonly string[]).includes(text);

/** A protocol's name as ipset, iptables and conntrack print it. */
export const protocolNames = { TCP: 'tcp', UDP: 'udp', SCTP: 'sctp' } as const satisfies Record<Protocol, string>;

/** A protocol's number in the IP header. */
export const protocolNumbers = { TCP: 6, UDP: 17, SCTP: 132 } as const satisfies Record<Protocol, number>;

const protocolsByName: ReadonlyMap<string, Protocol> = new Map(
  protocols.map(protocol => [protocolNames[protocol], protocol]),
);

/** Returns the protocol with this lower-case name, or undefined. */
export const protocolOfName = (name: string): Protocol | undefined => protocolsByName.get(name);
