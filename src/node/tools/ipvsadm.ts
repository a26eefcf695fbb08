import { addressAndPort, familyOf } from '../../net/address.js';
import type { Protocol } from '../../net/protocol.js';
import { type Table, table } from '../../table.js';
import type { VirtualServer, VirtualServerAddress } from '../element.js';

const serviceFlags: Readonly<Record<Protocol, string>> = { TCP: '-t', UDP: '-u', SCTP: '--sctp-service' };

/** Returns the protocol that a flag of ipvsadm selects (`-t`), or undefined. */
export const protocolOfFlag = (flag: string): Protocol | undefined => protocolsByFlag.get(flag);

const protocolsByFlag: ReadonlyMap<string, Protocol> = new Map(
  Object.entries(serviceFlags).map(([protocol, flag]) => [flag, protocol as Protocol]),
);

/** Returns `-t 10.0.0.1:80` as two arguments. */
export const serviceArguments = (server: VirtualServerAddress): readonly string[] => [
  serviceFlags[server.protocol],
  addressAndPort(server.address, server.port),
];

/** Returns the netmask of session affinity for single clients, which is what Kubernetes means. */
export const singleClient = (address: string): string => (familyOf(address) === 'IPv6' ? '128' : '255.255.255.255');

export const persistenceArguments = (server: VirtualServer): readonly string[] => {
  if (server.persistence === undefined) return [];
  const { seconds, netmask } = server.persistence;
  return ['-p', String(seconds), ...(netmask === singleClient(server.address) ? [] : ['-M', netmask])];
};

const flagNames: Table<Readonly<Record<number, string>>> = table({
  sh: { 1: 'sh-fallback', 2: 'sh-port' },
  mh: { 1: 'mh-fallback', 2: 'mh-port' },
});

/** Returns the flags as ipvsadm lists them: by the scheduler's own names if it has any. */
export const schedulerFlagText = (scheduler: string, flags: readonly number[]): string =>
  flags.map(flag => flagNames[scheduler]?.[flag] ?? `flag-${flag}`).join(',');

/**
 * Returns the flag numbers of a list in either spelling, ascending, or undefined if ipvsadm does not know a name for
 * this scheduler, or does not list it: a scheduler with names of its own has no third flag, and ipvsadm accepts
 * `flag-3` for it but never prints it.
 */
export function parseSchedulerFlags(scheduler: string, text: string): readonly number[] | undefined {
  const names = Object.entries(flagNames[scheduler] ?? {});
  const numberOf = (flag: string): number =>
    Number(names.find(([, name]) => name === flag)?.[0] ?? /^flag-([123])$/.exec(flag)?.[1]);
  const flags = text.split(',').map(numberOf);
  const isListed = (flag: number): boolean => flag <= 2 || (flag === 3 && names.length === 0);
  return flags.every(isListed) ? [...new Set(flags)].sort() : undefined;
}
