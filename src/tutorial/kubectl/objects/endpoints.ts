import type { KubeObject } from './object.js';

export interface EndpointAddress {
  readonly ip: string;
  readonly nodeName?: string;
}

export interface EndpointPort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
}

export interface EndpointSubset {
  readonly addresses?: readonly EndpointAddress[];
  readonly notReadyAddresses?: readonly EndpointAddress[];
  readonly ports?: readonly EndpointPort[];
}

export const subsetsOf = (object: KubeObject | undefined): readonly EndpointSubset[] =>
  (object?.subsets ?? []) as readonly EndpointSubset[];

/** The addresses that kubectl shows. */
const mostShown = 3;

/**
 * Returns the ready endpoints as kubectl shows them: the first three, and how many more there are.
 * @param portName shows only ports of this name
 */
export function endpointsText(subsets: readonly EndpointSubset[], portName?: string): string {
  if (subsets.length === 0) return '<none>';
  const shown = subsets.flatMap(({ addresses = [], ports = [] }) => {
    if (ports.length === 0) return addresses.map(({ ip }) => ip);
    const wanted = ports.filter(({ name = '' }) => portName === undefined || name === portName);
    return wanted.flatMap(({ port }) => addresses.map(({ ip }) => withPort(ip, port)));
  });
  const more = shown.length - mostShown;
  return `${shown.slice(0, mostShown).join(',')}${more > 0 ? ` + ${more} more...` : ''}`;
}

const withPort = (ip: string, port: number): string => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);
