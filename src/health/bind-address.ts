import { KproxyError } from '../errors.js';
import { addressAndPort, canonicalAddress } from '../net/address.js';

/** Where a server listens. Without a host it listens on every address of the node, in both families if it has both. */
export interface BindAddress {
  readonly host?: string;
  /** 0 lets the kernel choose. */
  readonly port: number;
}

export interface BindAddressFlag {
  /** `--healthz-bind-address`. */
  readonly flag: string;
  /** For an address without a port, which kube-proxy accepts too. */
  readonly defaultPort: number;
}

/**
 * Parses a bind address as kube-proxy's flags have it: `0.0.0.0:10256`, `[::]:10256`, `127.0.0.1`. Returns undefined
 * for the empty text, which turns the server off.
 * @throws KproxyError option-invalid, which names the flag
 */
export function parseBindAddress(text: string, { flag, defaultPort }: BindAddressFlag): BindAddress | undefined {
  if (text === '') return undefined;
  const alone = canonicalAddress(text);
  if (alone !== undefined) return { host: alone, port: defaultPort };
  const [, inBrackets, plain, digits] = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? [];
  const host = canonicalAddress(inBrackets ?? plain ?? '');
  const port = Number(digits);
  if (host === undefined || !(port <= 65535)) throw badAddress(text, flag, defaultPort);
  return { host, port };
}

const badAddress = (text: string, flag: string, port: number): KproxyError =>
  new KproxyError({
    message: `${flag}: ${JSON.stringify(text)} is not an IP address with a port`,
    code: 'option-invalid',
    advice: `Write 0.0.0.0:${port}, [::]:${port} or 127.0.0.1:${port}. An empty text turns the server off.`,
  });

/** Returns `[::]:10256`, or `port 31000` for every address of the node. */
export const bindAddressText = ({ host, port }: BindAddress): string =>
  host === undefined ? `port ${port}` : addressAndPort(host, port);
