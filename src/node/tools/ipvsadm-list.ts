import { parseAddressAndPort } from '../../net/address.js';
import { isProtocol } from '../../net/protocol.js';
import type { Thresholds, VirtualServerAddress } from '../element.js';
import type { ConnectionCount } from '../finding.js';
import { realServerKey } from '../kinds/real-server.js';
import { linesOf } from './text.js';

const command = 'ipvsadm -L';
const headingLines = 3;

interface ListedRealServer {
  /** The real server's key. */
  readonly realServer: string;
  /** The four columns after its address. */
  readonly columns: readonly [string, string, string, string];
}

/**
 * Parses the table of `ipvsadm -L -n`: the connections of each real server that has any.
 * @throws SyntaxError on a line that ipvsadm would not print, or that is cut off
 */
export function* parseIpvsadmList(text: string): Generator<ConnectionCount> {
  for (const { realServer, columns } of listedRealServers(text)) {
    const [active, inactive] = [Number(columns[2]), Number(columns[3])];
    if (active + inactive > 0) yield { kind: 'connections', realServer, active, inactive };
  }
}

/**
 * Parses the table of `ipvsadm -L -n --thresholds`. Returns the thresholds of the real servers that have any, by their
 * keys.
 * @throws SyntaxError on a line that ipvsadm would not print, or that is cut off
 */
export function parseThresholds(text: string): ReadonlyMap<string, Thresholds> {
  const found = new Map<string, Thresholds>();
  for (const { realServer, columns } of listedRealServers(text)) {
    const [upper, lower] = [Number(columns[0]), Number(columns[1])];
    if (upper + lower > 0) found.set(realServer, { upper, lower });
  }
  return found;
}

/** Skips firewall-mark services. */
function* listedRealServers(text: string): Generator<ListedRealServer> {
  let server: VirtualServerAddress | undefined;
  for (const words of linesOf(text, command, headingLines)) {
    const [first = '', address = '', ...columns] = words.trim().split(/\s+/);
    if (isProtocol(first)) server = { protocol: first, ...parseAddressAndPort(address) };
    else if (first === 'FWM') server = undefined;
    else if (first === '->') {
      if (server !== undefined) yield listedRealServer(server, address, columns);
    } else if (first !== '')
      throw new SyntaxError(`${command} printed a line that is no virtual or real server: ${words}`);
  }
}

function listedRealServer(server: VirtualServerAddress, address: string, columns: readonly string[]): ListedRealServer {
  const [first = '', second = '', third = '', fourth = ''] = columns;
  if (!/^\d+$/.test(third) || !/^\d+$/.test(fourth))
    throw new SyntaxError(`${command} printed a real server without its connections: ${address}`);
  const realServer = realServerKey({ server, ...parseAddressAndPort(address) });
  return { realServer, columns: [first, second, third, fourth] };
}
