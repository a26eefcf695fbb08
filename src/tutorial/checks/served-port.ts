import { fieldOf } from '../observe/fields.js';
import type { ObjectsAnswer } from '../observe/observed.js';
import { isPlainObject } from '../plain-object.js';

/** Where a Service or one of its Pods is reached. */
export interface ServedPort {
  /** TCP, UDP or SCTP. */
  readonly protocol: string;
  readonly address: string;
  readonly port: string;
}

/** Parses `TCP 10.254.10.128:80`. */
export function parseServer(text: string): ServedPort | undefined {
  const [, protocol, address, port] = /^(\S+) (.+):(\d+)$/.exec(text) ?? [];
  return protocol === undefined || address === undefined || port === undefined
    ? undefined
    : { protocol, address, port };
}

/** Parses `10.254.10.128,tcp:80`. */
export function parseEntry(text: string): ServedPort | undefined {
  const [, address, protocol, port] = /^([^,]+),(\w+):(\d+)$/.exec(text) ?? [];
  if (protocol === undefined || address === undefined || port === undefined) return undefined;
  return { protocol: protocol.toUpperCase(), address, port };
}

type Part = 'port' | 'protocol' | 'address';

/** The only part in which what is there differs from what should be. */
export interface Difference {
  readonly part: Part;
  readonly actual: string;
  readonly wanted: string;
}

const parts: readonly Part[] = ['port', 'protocol', 'address'];

/**
 * Returns the one part in which a served port differs from the wanted one. If several do so, one with another port or
 * protocol is taken before one with another address. Ports that belong to other Services are left out.
 */
export function onlyDifference(
  wanted: ServedPort,
  actual: readonly (ServedPort | undefined)[],
  objects: ObjectsAnswer,
): Difference | undefined {
  const others = new Set(serversOf(objects));
  const candidates = actual.filter(found => found !== undefined).filter(found => !others.has(serverText(found)));
  for (const part of parts)
    for (const found of candidates)
      if (parts.every(name => (found[name] === wanted[name]) === (name !== part)))
        return { part, actual: found[part], wanted: wanted[part] };
  return undefined;
}

const serverText = ({ protocol, address, port }: ServedPort): string => `${protocol} ${address}:${port}`;

function* serversOf(objects: ObjectsAnswer): Generator<string> {
  for (const [name, service] of objects) {
    const ports = fieldOf(service, 'spec.ports');
    if (!name.startsWith('service/') || !Array.isArray(ports)) continue;
    for (const { port, protocol = 'TCP' } of ports.filter(isPlainObject))
      yield `${protocol} ${fieldOf(service, 'spec.clusterIP')}:${port}`;
  }
}

/** Returns the virtual addresses of all Services. */
export const serviceAddresses = (objects: ObjectsAnswer): ReadonlySet<string> =>
  new Set(
    [...objects].flatMap(([name, service]) => {
      const address = fieldOf(service, 'spec.clusterIP');
      return name.startsWith('service/') && typeof address === 'string' ? [address] : [];
    }),
  );
