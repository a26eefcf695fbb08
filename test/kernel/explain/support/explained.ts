import type { DatapathIndex } from '../../../../src/explain/datapath/datapath-index.js';
import type { Client } from '../../../../src/explain/explanation.js';
import { type Summary, summarize } from '../../../../src/explain/trace/summarize.js';
import { type Surroundings, usualSurroundings } from '../../../../src/explain/walk/surroundings.js';
import { traceFlow } from '../../../../src/explain/walk/trace-flow.js';
import { familyOf } from '../../../../src/net/address.js';
import { protocolOfName } from '../../../../src/net/protocol.js';
import type { Protocol } from '../../../../src/sandbox/network/topology.js';

/** A request, as explain is asked about it. */
export interface Asked {
  /** Undefined for the node's own process. */
  readonly source: string | undefined;
  readonly address: string;
  readonly port: number;
  readonly protocol?: Protocol;
}

const clientOf = (address: string | undefined): Client =>
  address === undefined ? { kind: 'node', label: 'the node', address } : { kind: 'address', label: address, address };

/** Returns what explain says of a request. `world` has what differs from a cluster with kproxy on every node. */
export function explained(
  node: DatapathIndex,
  { source, address, port, protocol = 'tcp' }: Asked,
  world: Partial<Surroundings> = {},
): Summary {
  const question = {
    family: familyOf(address),
    protocol: protocolOfName(protocol) ?? 'TCP',
    client: clientOf(source),
    destination: { address, port },
    isEstablished: false,
  };
  return summarize(traceFlow(node, question, { ...usualSurroundings, ...world }));
}

/** What a request of the sandbox gets, by what explain says that a client sees. */
const words: Readonly<Record<string, string>> = {
  'no answer (timeout)': 'timeout',
  'Connection refused': 'refused',
  // The requests do not tell a refused datagram of the node itself from one that is refused elsewhere.
  'Operation not permitted': 'refused',
  'Network is unreachable': 'unreachable',
  'No route to host': 'unreachable',
  'Protocol not available': 'ENOPROTOOPT',
  'Permission denied': 'EACCES',
  'Invalid argument': 'EINVAL',
};

/** How names and sources are called in an outcome. */
export interface Names {
  readonly server: (address: string) => string;
  readonly source: (address: string) => string;
}

/**
 * Returns what requests get, as the packet tests say it: `local saw the client`, `timeout`. One for each backend, or
 * one if no backend gets a packet. The verdict that contradicts them is one more.
 */
export function outcomesOf(
  { verdict, clientSees, backends }: Pick<Summary, 'verdict' | 'clientSees' | 'backends'>,
  names: Names,
): readonly string[] {
  const outcomes =
    backends.length === 0
      ? clientSees.split(', or ').map(seen => words[seen] ?? seen)
      : backends.map(({ address, source, verdict: one, clientSees: seen }) =>
          one === 'answered' ? `${names.server(address)} saw ${names.source(source ?? '')}` : (words[seen] ?? seen),
        );
  const isAnswered = outcomes.every(outcome => outcome.includes(' saw '));
  const contradiction = isAnswered === (verdict === 'answered') ? [] : [`verdict ${verdict}`];
  return [...new Set([...outcomes, ...contradiction])].sort();
}
