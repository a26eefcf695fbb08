import type { Protocol } from '../../net/protocol.js';
import type { VirtualServerAddress } from '../element.js';

/** `10.0.0.1:80`, `[fd00::1]:80`. */
export const addressAndPort = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/**
 * Words with blanks between them, in one piece. A template's text stays a tree of all its parts until somebody reads it character by character: as keys
 * of a map, those of 10,000 Services took 11 of 30 MB, and finding each of them a third longer.
 */
export const inOnePiece = (...words: readonly string[]): string => words.join(' ');

/** `weight is 0, should be 1`. */
export const isShouldBe = (what: string, actual: unknown, desired: unknown): string =>
  `${what} is ${actual ?? 'none'}, should be ${desired ?? 'none'}`;

/** `TCP 10.0.0.1:80`, as kube-proxy and ipvsadm's listings name a virtual server. */
export function virtualServerText(server: VirtualServerAddress): string {
  if (server !== lastServer) {
    lastServer = server;
    lastText = `${server.protocol} ${addressAndPort(server.address, server.port)}`;
  }
  return lastText;
}

/** The real servers of a virtual server come one after another, and the key of each has its text. */
let lastServer: VirtualServerAddress | undefined;
let lastText = '';

/** The virtual server's address that a set's entry begins with: `10.0.0.1,tcp:80`; undefined where it has none. */
export function virtualServerOfEntry(entry: string): VirtualServerAddress | undefined {
  const [, address, protocol, port] = /^([^,]+),(tcp|udp|sctp):(\d+)/.exec(entry) ?? [];
  if (address === undefined || protocol === undefined) return undefined;
  return { protocol: protocol.toUpperCase() as Protocol, address, port: Number(port) };
}

/**
 * The lines of what a command printed.
 * @throws SyntaxError where that ends in the middle of a line: what was cut off there may still look right.
 */
export function wholeLines(text: string, command: string): readonly string[] {
  requireWhole(text, command);
  return text.split('\n');
}

/** The same one after another: of tens of thousands, each can go when it has been read. */
export function forEachLine(text: string, command: string, visit: (line: string) => void): void {
  requireWhole(text, command);
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    visit(text.slice(start, end));
    start = end + 1;
  }
}

function requireWhole(text: string, command: string): void {
  if (text !== '' && !text.endsWith('\n'))
    throw new SyntaxError(`${command} printed a text that ends in the middle of a line`);
}
