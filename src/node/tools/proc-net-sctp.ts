import { canonicalAddress, familyOf } from '../../net/address.js';
import type { ListeningSocket } from '../datapath/datapath.js';

const headingLines = 1;
/** TCP_LISTEN, in decimal digits here. */
const listening = '10';

/**
 * Parses /proc/net/sctp/eps: the endpoints that listen, once for each of their addresses.
 * @throws SyntaxError on a line that the kernel would not print
 */
export function* parseProcSctp(text: string): Generator<ListeningSocket> {
  for (const line of text.split('\n').slice(headingLines)) {
    if (line.trim() === '') continue;
    const [, , , state, , port = '', , , ...addresses] = line.trim().split(/\s+/);
    if (!/^\d+$/.test(port)) throw new SyntaxError(`not an endpoint of /proc/net/sctp/eps: ${line}`);
    if (state === listening) for (const address of addresses) yield socketAt(address, Number(port), line);
  }
}

function socketAt(text: string, port: number, line: string): ListeningSocket {
  const address = canonicalAddress(text);
  if (address === undefined) throw new SyntaxError(`not an endpoint of /proc/net/sctp/eps: ${line}`);
  return { protocol: 'SCTP', family: familyOf(address), address, port };
}
