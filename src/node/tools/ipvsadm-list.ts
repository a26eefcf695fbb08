import { parseAddressAndPort } from '../../net/address.js';
import type { Protocol } from '../../net/protocol.js';
import type { Connections, VirtualServerAddress } from '../element.js';
import { wholeLines } from './text.js';

/** How many connections go through a real server. */
export interface ConnectionCount {
  readonly server: VirtualServerAddress;
  readonly address: string;
  readonly port: number;
  readonly connections: Connections;
}

const protocols: ReadonlySet<string> = new Set(['TCP', 'UDP', 'SCTP']);

/**
 * The connections of each real server from `ipvsadm -L -n`'s table; firewall-mark services are passed over.
 * @throws SyntaxError on a line that ipvsadm would not print, or that is cut off
 */
export function parseIpvsadmList(text: string): readonly ConnectionCount[] {
  const counts: ConnectionCount[] = [];
  let server: VirtualServerAddress | undefined;
  for (const line of wholeLines(text, 'ipvsadm -L').slice(3)) {
    const [first = '', address = '', , , active, inactive] = line.trim().split(/\s+/);
    if (protocols.has(first)) server = { protocol: first as Protocol, ...parseAddressAndPort(address) };
    else if (first === 'FWM') server = undefined;
    else if (first === '->' && server !== undefined)
      counts.push({
        server,
        ...parseAddressAndPort(address),
        connections: { active: Number(active), inactive: Number(inactive) },
      });
    else if (first !== '' && first !== '->')
      throw new SyntaxError(`ipvsadm -L printed a line that is no virtual or real server: ${line}`);
  }
  return counts;
}
