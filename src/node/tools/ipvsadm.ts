import { addressAndPort, ipv6Text } from '../../net/address.js';
import type { Protocol } from '../../net/protocol.js';
import type { VirtualServer, VirtualServerAddress } from '../element.js';

export const serviceFlags: Readonly<Record<Protocol, string>> = { TCP: '-t', UDP: '-u', SCTP: '--sctp-service' };

/** `-t 10.0.0.1:80`, as two arguments. */
export const serviceArguments = (server: VirtualServerAddress): readonly string[] => [
  serviceFlags[server.protocol],
  addressAndPort(server.address, server.port),
];

/** The granularity of session affinity that Kubernetes means: one client. */
export const singleClient = (address: string): string => (address.includes(':') ? '128' : '255.255.255.255');

export const persistenceArguments = (server: VirtualServer): readonly string[] => {
  if (server.persistence === undefined) return [];
  const { seconds, netmask } = server.persistence;
  return ['-p', String(seconds), ...(netmask === singleClient(server.address) ? [] : ['-M', netmask])];
};

const flagNames: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  sh: { 1: 'sh-fallback', 2: 'sh-port' },
  mh: { 1: 'mh-fallback', 2: 'mh-port' },
};

/** The flags as ipvsadm lists them: by the scheduler's own names where it has any. */
export const schedulerFlagText = (scheduler: string, flags: readonly number[]): string =>
  flags.map(flag => flagNames[scheduler]?.[flag] ?? `flag-${flag}`).join(',');

const namedFlags: Readonly<Record<string, number>> = { 'sh-fallback': 1, 'sh-port': 2, 'mh-fallback': 1, 'mh-port': 2 };

/** The flag numbers of a list in either spelling, ascending; undefined where a name is none of ipvsadm's. */
export function parseSchedulerFlags(text: string): readonly number[] | undefined {
  const flags = text.split(',').map(name => namedFlags[name] ?? Number(/^flag-([123])$/.exec(name)?.[1]));
  return flags.some(Number.isNaN) ? undefined : [...new Set(flags)].sort();
}

/**
 * `10.0.0.1:80`, `[fd00::1]:80`.
 * @throws SyntaxError
 */
export function parseAddressAndPort(text: string): { readonly address: string; readonly port: number } {
  const found = /^(?:\[([\da-f:.]+)\]|([\d.]+)):(\d+)$/i.exec(text);
  if (found === null) throw new SyntaxError(`not an address and port: ${text}`);
  const [, bracketed, bare, port] = found;
  return {
    address: bracketed === undefined ? (bare as string) : ipv6Text(bracketed),
    port: Number(port),
  };
}
