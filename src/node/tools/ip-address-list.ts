import * as z from 'zod';
import { createQuickParser } from '../../cluster/quick-parse/quick-parser.js';
import { isLinkLocalIpv6 } from '../../net/address.js';
import type { Address, Link as LinkElement } from '../element.js';
import { presentItems } from './ip-json.js';

const linksSchema = z.array(
  z.object({
    ifname: z.string(),
    linkinfo: z.object({ info_kind: z.string().optional() }).optional(),
    addr_info: z.array(
      z.object({
        family: z.string(),
        local: z.string(),
        /** The peer of a point-to-point address. */
        address: z.string().optional(),
        prefixlen: z.int(),
        scope: z.string().optional(),
        valid_life_time: z.int().optional(),
      }),
    ),
  }),
);

type PrintedLink = z.infer<typeof linksSchema>[number];

const parseQuickly = createQuickParser(linksSchema);

/** An address of one of the node's own devices. */
export interface LocalAddress {
  readonly kind: 'local-address';
  readonly link: string;
  readonly address: string;
  readonly prefix: number;
  readonly scope: string;
}

/**
 * Parses the output of `ip -d -j addr show`: the IPVS device and its addresses as elements, and the addresses of all
 * other devices.
 * @throws SyntaxError or ZodError if the text is not what ip prints
 */
export function* parseAddressList(text: string, ipvsDevice: string): Generator<LinkElement | Address | LocalAddress> {
  const list = presentItems(text);
  for (const link of parseQuickly(list) ?? linksSchema.parse(list))
    yield* link.ifname === ipvsDevice ? deviceElements(link) : localAddresses(link);
}

function* localAddresses({ ifname, addr_info }: PrintedLink): Generator<LocalAddress> {
  for (const { local, prefixlen, scope = 'global' } of addr_info)
    yield { kind: 'local-address', link: ifname, address: local, prefix: prefixlen, scope };
}

function* deviceElements({ ifname, linkinfo, addr_info }: PrintedLink): Generator<LinkElement | Address> {
  yield { kind: 'link', name: ifname, type: linkinfo?.info_kind ?? 'unknown' };
  for (const { local, address, prefixlen, valid_life_time = forever } of addr_info) {
    // A device that is up has a link-local address of its own, which is no VIP.
    if (isLinkLocalIpv6(local)) continue;
    yield {
      kind: 'address',
      link: ifname,
      address: local,
      prefix: prefixlen,
      ...(address === undefined ? {} : { peer: address }),
      ...(valid_life_time === forever ? {} : { expires: true }),
    };
  }
}

/** How ip prints the lifetime of an address that does not expire, in seconds. */
const forever = 2 ** 32 - 1;
