import type { DatapathIndex } from '../../datapath/datapath-index.js';
import type { Packet } from '../../trace/packet.js';
import { optionOf, unknownOption } from '../kinds.js';
import { type Answer, both, chance, type MatchKind, no, unknown } from '../match.js';

const known: ReadonlySet<string> = new Set(['--transparent', '--nowildcard', '--restore-skmark']);

/**
 * Fits a packet for which the node has a socket: one that listens on its destination, not on all addresses, or one of
 * its connection. Of those with `--transparent`, which proxies have, there is none unless one listens on the very
 * destination. Source: socket_match in xt_socket.c.
 */
export const socket: MatchKind = {
  name: 'socket',
  test(options, packet, node) {
    const strange = options.filter(({ name }) => !known.has(name)).map(option => unknownOption('socket', option));
    return both([...strange, hasSocket(packet, node, optionOf(options, '--transparent') !== undefined)]);
  },
};

function hasSocket(packet: Packet, { datapath, isLocal }: DatapathIndex, isTransparent: boolean): Answer {
  const { destination, destinationPort, protocol, isReply } = packet;
  const mayBeProxy = unknown(`whether a process has a socket for ${destination} is not known`);
  if (isReply) return isLocal(destination) && !isTransparent ? chance('it depends on what sent the request') : no;
  const listens = datapath.sockets?.some(
    one => one.protocol === protocol && one.address === destination && one.port === destinationPort,
  );
  return listens === false ? no : mayBeProxy;
}
