import { parseAddressAndPort } from '../../net/address.js';
import { isProtocol } from '../../net/protocol.js';
import type { VirtualServerAddress } from '../element.js';
import type { ConnectionCount } from '../finding.js';
import { realServerKey } from '../kinds/real-server.js';
import { linesOf } from './text.js';

const command = 'ipvsadm -L';
const headingLines = 3;

/**
 * Parses the table of `ipvsadm -L -n`: the connections of each real server that has any. Firewall-mark services are
 * skipped.
 * @throws SyntaxError on a line that ipvsadm would not print, or that is cut off
 */
export function* parseIpvsadmList(text: string): Generator<ConnectionCount> {
  let server: VirtualServerAddress | undefined;
  for (const words of linesOf(text, command, headingLines)) {
    const [first = '', address = '', , , active, inactive] = words.trim().split(/\s+/);
    if (isProtocol(first)) server = { protocol: first, ...parseAddressAndPort(address) };
    else if (first === 'FWM') server = undefined;
    else if (first === '->') {
      if (server !== undefined) yield* connectionsOf(server, address, Number(active), Number(inactive));
    } else if (first !== '')
      throw new SyntaxError(`${command} printed a line that is no virtual or real server: ${words}`);
  }
}

function* connectionsOf(
  server: VirtualServerAddress,
  address: string,
  active: number,
  inactive: number,
): Generator<ConnectionCount> {
  if (Number.isNaN(active) || Number.isNaN(inactive))
    throw new SyntaxError(`${command} printed a real server without its connections: ${address}`);
  const realServer = realServerKey({ server, ...parseAddressAndPort(address) });
  if (active + inactive > 0) yield { kind: 'connections', realServer, active, inactive };
}
