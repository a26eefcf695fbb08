import { addressAndPort, canonicalAddress } from './address.js';

/** Where a server listens. Without a host it listens on every address of the node, in both families if it has both. */
export interface BindAddress {
  readonly host?: string;
  /** 0 lets the kernel choose. */
  readonly port: number;
}

interface ParsedBindAddress {
  readonly host: string;
  /** Undefined for an address alone, which kube-proxy accepts too. */
  readonly port: number | undefined;
}

/**
 * Parses a bind address as kube-proxy's flags have it: `0.0.0.0:10256`, `[::]:10256`, `127.0.0.1`. Returns undefined
 * for any other text.
 */
export function parseBindAddress(text: string): ParsedBindAddress | undefined {
  const alone = canonicalAddress(text);
  if (alone !== undefined) return { host: alone, port: undefined };
  const [, inBrackets, plain, digits] = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? [];
  const host = canonicalAddress(inBrackets ?? plain ?? '');
  const port = Number(digits);
  return host === undefined || !(port <= 65_535) ? undefined : { host, port };
}

/** Returns `[::]:10256`, or `port 31000` for every address of the node. */
export const bindAddressText = ({ host, port }: BindAddress): string =>
  host === undefined ? `port ${port}` : addressAndPort(host, port);
