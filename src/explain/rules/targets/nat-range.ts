import { canonicalAddress } from '../../../net/address.js';
import { type PortRange, parsePorts } from '../port-ranges.js';

/** What an end of a connection becomes. */
export interface NatRange {
  /** Undefined if the address stays. */
  readonly address: string | undefined;
  /** Undefined if the port stays. */
  readonly ports: PortRange | undefined;
}

/**
 * Parses `10.0.0.1`, `10.0.0.1:80`, `10.0.0.1:80-90`, `:80` or `[fd00::1]:80`. Returns undefined for anything else, as
 * for several addresses, of which the kernel takes one by a hash.
 */
export function parseNatRange(text: string): NatRange | undefined {
  const found = /^(?:\[([^\]]*)\]|([^:]*))(?::([\d-]+))?$/.exec(text);
  const [, bracketed, bare, portText] = found ?? [undefined, undefined, text, undefined];
  const addressText = oneAddress(bracketed ?? bare ?? '');
  const address = canonicalAddress(addressText);
  const ports = portText === undefined ? undefined : parseNatPorts(portText);
  if ((address === undefined && addressText !== '') || (portText !== undefined && ports === undefined))
    return undefined;
  return address === undefined && ports === undefined ? undefined : { address, ports };
}

/** Parses `80` or `80-90`. */
export const parseNatPorts = (text: string): PortRange | undefined =>
  /^\d+(-\d+)?$/.test(text) ? parsePorts(text.replace('-', ':')) : undefined;

/** A range may have the same address at both ends. */
function oneAddress(text: string): string {
  const [first = '', last = first] = text.split('-');
  return first === last ? first : text;
}
