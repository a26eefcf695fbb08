import { addressAndPort } from '../../net/address.js';
import type { DatapathServer } from '../../node/datapath/datapath.js';
import type { RealServer, VirtualServerAddress } from '../../node/element.js';
import type { DatapathIndex } from '../datapath/datapath-index.js';
import { endsOf, type Packet } from '../trace/packet.js';
import type { BackendChoice, Branch, IpvsStep, Trace } from '../trace/trace.js';
import { ended, fork, prepend } from '../trace/trace-building.js';
import { noAnswer, seenWithoutRealServer } from './client-errors.js';
import { placeOf } from './places.js';
import { withRefusal } from './refusal.js';
import type { Walk } from './walk.js';

/** Returns the virtual server that IPVS has for a packet. */
export const serverFor = ({ node }: Walk, packet: Packet): DatapathServer | undefined =>
  packet.destinationPort === undefined
    ? undefined
    : node.server({ protocol: packet.protocol, address: packet.destination, port: packet.destinationPort });

/**
 * Forks the way of a packet: a branch for each real server that gets connections, with the destination that IPVS gives
 * the packet.
 */
export function balance(
  walk: Walk,
  found: DatapathServer,
  packet: Packet,
  go: (balanced: Packet, choice: BackendChoice) => Trace,
): Trace {
  const { server, realServers } = found;
  const virtual: VirtualServerAddress = { protocol: server.protocol, address: server.address, port: server.port };
  const candidates = realServers.map(({ real }) => real).filter(({ weight }) => weight > 0);
  const choices = candidates.map(real => choiceOf(walk, real));
  const step: IpvsStep = {
    kind: 'ipvs',
    way: 'there',
    before: endsOf(packet),
    ends: endsOf(packet),
    does: candidates.length === 0 ? 'has no real server' : 'balances',
    server: virtual,
    scheduler: server.scheduler,
    ...(server.persistence === undefined ? {} : { persistenceSeconds: server.persistence.seconds }),
    candidates: choices,
    text: textOf(found, candidates.length),
  };
  if (candidates.length === 0) return prepend([step], refusedFor(walk, found, virtual, packet));
  const branches = candidates.map((real, index): Branch => {
    const choice = choices[index] as BackendChoice;
    return {
      label: addressAndPort(real.address, real.port),
      share: shareOf(found, real, candidates),
      backend: choice,
      trace:
        real.forwarding === 'masquerade'
          ? go(
              { ...packet, destination: real.address, destinationPort: real.port, virtual, isSentByIpvs: true },
              choice,
            )
          : unchanged(real, virtual, choice),
    };
  });
  return prepend([step], fork('backend', branches));
}

const choiceOf = (walk: Walk, { address, port, weight }: RealServer): BackendChoice => ({
  address,
  port,
  weight,
  place: placeOf(walk, address),
});

function textOf({ server, realServers }: DatapathServer, usable: number): string {
  const name = `virtual server ${server.protocol} ${addressAndPort(server.address, server.port)}`;
  if (realServers.length === 0) return `the ${name} has no real server`;
  if (usable === 0) return `all real servers of the ${name} have the weight 0`;
  return `${name}, scheduler ${server.scheduler}`;
}

/** Schedulers that give each real server the same share, or one by its weight. The others look at the connections. */
const equal: ReadonlySet<string> = new Set(['rr']);
const weighted: ReadonlySet<string> = new Set(['wrr']);

function shareOf({ server }: DatapathServer, real: RealServer, all: readonly RealServer[]): number | undefined {
  if (all.length === 1 || equal.has(server.scheduler)) return 1 / all.length;
  if (!weighted.has(server.scheduler)) return undefined;
  return real.weight / all.reduce((total, { weight }) => total + weight, 0);
}

function refusedFor(walk: Walk, { realServers }: DatapathServer, server: VirtualServerAddress, packet: Packet): Trace {
  const why = realServers.length === 0 ? 'It has no real server.' : 'All its real servers have the weight 0.';
  const blame = { part: 'virtual server', server, why } as const;
  return withRefusal(walk, packet, ended('refused', seenWithoutRealServer(packet), { blame }));
}

/** With other forwarding than masquerading, the backend gets a packet to the VIP, which a Pod does not have. */
const unchanged = (real: RealServer, server: VirtualServerAddress, choice: BackendChoice): Trace =>
  ended('unanswered', noAnswer, {
    server: { address: real.address, port: real.port, place: choice.place },
    blame: {
      part: 'virtual server',
      server,
      why:
        `Its real server ${addressAndPort(real.address, real.port)} is forwarded to with ${real.forwarding}: ` +
        'the packet keeps the VIP as its destination, and a Pod does not accept it.',
    },
  });

/** Returns the virtual servers that almost fit a packet: of the same address, or of the same port and protocol. */
export function nearServers({ datapath }: DatapathIndex, { destination, destinationPort, protocol }: Packet): string[] {
  return datapath.virtualServers
    .map(({ server }) => server)
    .filter(server => server.address === destination)
    .filter(server => server.port !== destinationPort || server.protocol !== protocol)
    .slice(0, 3)
    .map(server => `${server.protocol} ${addressAndPort(server.address, server.port)}`);
}

/** IPVS gives an answer the address of the virtual server. */
export function restore(packet: Packet): { readonly packet: Packet; readonly steps: readonly IpvsStep[] } {
  const { virtual } = packet;
  if (virtual === undefined) return { packet, steps: [] };
  const after = { ...packet, source: virtual.address, sourcePort: virtual.port, isSentByIpvs: true };
  const text = `the answer gets the address of the virtual server: ${addressAndPort(virtual.address, virtual.port)}`;
  return {
    packet: after,
    steps: [
      {
        kind: 'ipvs',
        way: 'back',
        before: endsOf(packet),
        ends: endsOf(after),
        does: 'restores',
        server: virtual,
        candidates: [],
        text,
      },
    ],
  };
}
