import type { NodeAccess } from '../access.js';
import { parseProcSctp } from '../tools/proc-net-sctp.js';
import { parseProcNetSockets } from '../tools/proc-net-sockets.js';
import type { ListeningSocket } from './datapath.js';
import { attempt, type PartReading } from './part-reading.js';

type Parse = (text: string) => Iterable<ListeningSocket>;

const tcp: Parse = text => parseProcNetSockets(text, 'TCP');
const udp: Parse = text => parseProcNetSockets(text, 'UDP');

/** /proc/net is about the network namespace of the process that reads it. */
const tables: readonly (readonly [file: string, parse: Parse])[] = [
  ['/proc/net/tcp', tcp],
  ['/proc/net/tcp6', tcp],
  ['/proc/net/udp', udp],
  ['/proc/net/udp6', udp],
  ['/proc/net/sctp/eps', parseProcSctp],
];

/** Reads the ports on which the node's own processes listen. A kernel without IPv6 or SCTP has no file for it. */
export const readSockets = (node: NodeAccess): Promise<PartReading<readonly ListeningSocket[] | undefined>> =>
  attempt<readonly ListeningSocket[] | undefined>('sockets of this node', undefined, async () => {
    const texts = await Promise.all(tables.map(([file]) => node.readFile(file)));
    if (texts.every(text => text === undefined)) throw new Error('there is no /proc/net/tcp');
    return tables.flatMap(([, parse], at) => [...parse(texts[at] ?? '')]);
  });
