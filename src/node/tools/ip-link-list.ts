import * as z from 'zod';
import { createQuickParser } from '../../cluster/quick-parse/quick-parser.js';
import type { DatapathLink, LinkAddress } from '../datapath/datapath.js';
import { presentItems } from './ip-json.js';

const linksSchema = z.array(
  z.object({
    ifname: z.string(),
    flags: z.array(z.string()),
    master: z.string().optional(),
    linkinfo: z
      .object({
        info_kind: z.string().optional(),
        info_slave_kind: z.string().optional(),
        info_slave_data: z.object({ hairpin: z.boolean().optional() }).optional(),
      })
      .optional(),
    addr_info: z.array(
      z.object({
        local: z.string(),
        /** The peer of a point-to-point address. */
        address: z.string().optional(),
        prefixlen: z.int(),
        scope: z.string().optional(),
        secondary: z.boolean().optional(),
      }),
    ),
  }),
);

type PrintedLink = z.infer<typeof linksSchema>[number];
type PrintedAddress = PrintedLink['addr_info'][number];

const parseQuickly = createQuickParser(linksSchema);

/**
 * Parses the output of `ip -d -j addr show`: all devices with their addresses.
 * @throws SyntaxError or ZodError if the text is not what ip prints
 */
export function parseLinks(text: string): readonly DatapathLink[] {
  const list = presentItems(text);
  return (parseQuickly(list) ?? linksSchema.parse(list)).map(linkOf);
}

function linkOf({ ifname, flags, master, linkinfo = {}, addr_info }: PrintedLink): DatapathLink {
  const { info_kind: type, info_slave_kind: portOf, info_slave_data: port } = linkinfo;
  return {
    name: ifname,
    ...(type === undefined ? {} : { type }),
    ...(master === undefined ? {} : { master }),
    isUp: flags.includes('UP'),
    ...(portOf === 'bridge' ? { isHairpin: port?.hairpin ?? false } : {}),
    addresses: addr_info.map(addressOf),
  };
}

const addressOf = ({ local, address, prefixlen, scope = 'global', secondary }: PrintedAddress): LinkAddress => ({
  address: local,
  prefix: prefixlen,
  ...(address === undefined ? {} : { peer: address }),
  scope,
  ...(secondary === true ? { isSecondary: true } : {}),
});
