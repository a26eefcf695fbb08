import { KproxyError } from '../errors.js';
import { canonicalAddress } from '../net/address.js';

/** Where a server listens. Without a host: on every address of the node, in both families where it has both. */
export interface BindAddress {
  readonly host?: string;
  /** 0 lets the kernel choose. */
  readonly port: number;
}

export interface BindAddressFlag {
  /** `--healthz-bind-address`. */
  readonly flag: string;
  /** For an address without a port, as kube-proxy accepts it. */
  readonly defaultPort: number;
}

/**
 * A bind address as kube-proxy's flags have it: `0.0.0.0:10256`, `[::]:10256`, `127.0.0.1`. Undefined for the empty text, which switches the
 * server off.
 * @throws KproxyError (exit code 2) that names the flag
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
    message: `${flag}: ${JSON.stringify(text)} is not an IP address and a port`,
    code: 'option-invalid',
    advice: `write 0.0.0.0:${port}, [::]:${port} or 127.0.0.1:${port}; the empty text switches it off`,
  });

/** `[::]:10256`; `port 31000` where it is every address of the node. */
export function bindAddressText({ host, port }: BindAddress): string {
  if (host === undefined) return `port ${port}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
