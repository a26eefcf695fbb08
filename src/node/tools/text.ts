import { addressAndPort } from '../../net/address.js';
import { type Protocol, protocolOfName } from '../../net/protocol.js';
import type { VirtualServerAddress } from '../element.js';

/**
 * Joins words with blanks into one flat string. V8 keeps the result of a template literal as a tree of its parts until
 * it is read: as map keys, the trees of 10,000 Services took 11 of 30 MB and made lookups a third slower.
 */
export const flatText = (...words: readonly string[]): string => words.join(' ');

/** Returns `weight is 0, should be 1`. */
export const isShouldBe = (what: string, actual: unknown, desired: unknown): string =>
  `${what} is ${actual ?? 'none'}, should be ${desired ?? 'none'}`;

/** Returns `TCP 10.0.0.1:80`, as the listings of ipvsadm and kube-proxy name a virtual server. */
export const virtualServerText = ({ protocol, address, port }: VirtualServerAddress): string =>
  `${protocol} ${addressAndPort(address, port)}`;

/** Returns the virtual server that an entry of a set begins with (`10.0.0.1,tcp:80`), or undefined if there is none. */
export function virtualServerOfEntry(entry: string): VirtualServerAddress | undefined {
  const [, address, name, port] = /^([^,]+),(\w+):(\d+)/.exec(entry) ?? [];
  const protocol: Protocol | undefined = protocolOfName(name ?? '');
  if (address === undefined || protocol === undefined) return undefined;
  return { protocol, address, port: Number(port) };
}

/**
 * Yields the lines of a command's output one by one, so that each can be freed after use.
 * @param heading how many lines to skip at the beginning
 * @throws SyntaxError if the output ends within a line: what is left of that line may still look right
 */
export function* linesOf(text: string, command: string, heading = 0): Generator<string, void, undefined> {
  if (text !== '' && !text.endsWith('\n'))
    throw new SyntaxError(`${command} printed a text that ends in the middle of a line`);
  let line = 0;
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    if (line >= heading) yield text.slice(start, end);
    line += 1;
    start = end + 1;
  }
}
