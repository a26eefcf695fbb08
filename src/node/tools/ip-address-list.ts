import * as z from 'zod';
import { quickParser } from '../../cluster/quick-parse.js';
import type { Element } from '../element.js';

const linksSchema = z.array(
  z.object({
    ifname: z.string(),
    linkinfo: z.object({ info_kind: z.string().optional() }).optional(),
    addr_info: z.array(
      z.object({ family: z.string(), local: z.string(), prefixlen: z.int(), scope: z.string().optional() }),
    ),
  }),
);

const parseQuickly = quickParser(linksSchema);

/** An address of one of the node's devices. */
export interface LocalAddress {
  readonly link: string;
  readonly address: string;
  readonly prefix: number;
  readonly scope: string;
}

export interface AddressList {
  /** The IPVS device and the addresses on it. */
  readonly elements: readonly Element[];
  /** The addresses of all other devices. */
  readonly localAddresses: readonly LocalAddress[];
}

/**
 * From the text of `ip -d -j addr show`.
 * @throws SyntaxError or ZodError where the text is not what ip prints.
 */
export function parseAddressList(text: string, ipvsDevice: string): AddressList {
  // iproute2 prints {} for a device that another filter left out.
  const printed: unknown = JSON.parse(text);
  const list = Array.isArray(printed) ? printed.filter(isNotEmpty) : printed;
  const links = parseQuickly(list) ?? linksSchema.parse(list);
  const elements: Element[] = [];
  const localAddresses: LocalAddress[] = [];
  for (const link of links) {
    const addresses = link.addr_info.map(info => ({
      link: link.ifname,
      address: info.local,
      prefix: info.prefixlen,
      scope: info.scope ?? 'global',
    }));
    if (link.ifname !== ipvsDevice) {
      localAddresses.push(...addresses);
      continue;
    }
    elements.push({ kind: 'link', name: link.ifname, type: link.linkinfo?.info_kind ?? 'unknown' });
    // A device that is up has a link-local address of its own, which is nobody's VIP.
    for (const { address, prefix, scope } of addresses)
      if (scope !== 'link') elements.push({ kind: 'address', link: ipvsDevice, address, prefix });
  }
  return { elements, localAddresses };
}

const isNotEmpty = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || Object.keys(value).length > 0;
