import * as z from 'zod';
import { createQuickParser } from '../../cluster/quick-parse/quick-parser.js';
import type { Collector, Fill } from '../filled-state.js';

const linksSchema = z.array(
  z.object({
    ifname: z.string(),
    linkinfo: z.object({ info_kind: z.string().optional() }).optional(),
    addr_info: z.array(
      z.object({ family: z.string(), local: z.string(), prefixlen: z.int(), scope: z.string().optional() }),
    ),
  }),
);

type Link = z.infer<typeof linksSchema>[number];

const parseQuickly = createQuickParser(linksSchema);

/** An address of one of the node's devices. */
export interface LocalAddress {
  readonly link: string;
  readonly address: string;
  readonly prefix: number;
  readonly scope: string;
}

export interface AddressList {
  /** Collects the IPVS device and the addresses on it. */
  readonly fill: Fill;
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
  return {
    fill: collector => {
      for (const link of links) if (link.ifname === ipvsDevice) fillWithDevice(link, collector);
    },
    localAddresses: links.flatMap(link => (link.ifname === ipvsDevice ? [] : addressesOf(link))),
  };
}

const addressesOf = ({ ifname, addr_info }: Link): readonly LocalAddress[] =>
  addr_info.map(info => ({
    link: ifname,
    address: info.local,
    prefix: info.prefixlen,
    scope: info.scope ?? 'global',
  }));

function fillWithDevice({ ifname, linkinfo, addr_info }: Link, { add }: Collector): void {
  add({ kind: 'link', name: ifname, type: linkinfo?.info_kind ?? 'unknown' });
  for (const { local, prefixlen, scope } of addr_info) {
    // A device that is up has a link-local address of its own, which is nobody's VIP.
    if (scope !== 'link') add({ kind: 'address', link: ifname, address: local, prefix: prefixlen });
  }
}

const isNotEmpty = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || Object.keys(value).length > 0;
