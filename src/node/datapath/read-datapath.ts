import type { NodeAccess } from '../access.js';
import type { IptablesBackend } from '../iptables-backend.js';
import { type Listing, readListing, readServersInDetail } from '../read-virtual-servers.js';
import { hasIpv6 } from '../served-families.js';
import type { Datapath } from './datapath.js';
import { datapathServers } from './datapath-servers.js';
import { readBridgePorts } from './read-bridge-ports.js';
import { readDatapathSysctls } from './read-datapath-sysctls.js';
import { readLinks } from './read-links.js';
import { readMatchSets } from './read-match-sets.js';
import { unreadNftTables } from './read-nft-tables.js';
import { readRoutes, readRoutingRules } from './read-routing.js';
import { readSockets } from './read-sockets.js';
import { readTables } from './read-tables.js';

/**
 * Reads everything on a node that decides what happens to packets, of whatever software. What cannot be read becomes a
 * line of `unread`, except the parts without which any verdict would be a guess: rules, sets, virtual servers,
 * addresses and routes.
 * @param backend the iptables backend that is in use, which may be found out meanwhile
 * @throws KproxyError if one of those parts cannot be read
 */
export async function readDatapath(
  node: NodeAccess,
  backend: IptablesBackend | PromiseLike<IptablesBackend>,
): Promise<Datapath> {
  const listing = readListing(node);
  const links = readLinks(node);
  const families = hasIpv6(node).then(has => (has ? (['IPv4', 'IPv6'] as const) : (['IPv4'] as const)));
  const [sets, tables, servers, routes, rules, sysctls, sockets, ports, ...others] = await Promise.all([
    // Reading the sets takes longest, so it starts first.
    listing.then(found => readMatchSets(node, found)),
    Promise.resolve(backend).then(found => readTables(node, found)),
    listing.then(async found => datapathServers(await readServersInDetail(node, found))),
    families.then(all => readRoutes(node, all)),
    families.then(all => readRoutingRules(node, all)),
    links.then(found => readDatapathSysctls(node, found)),
    readSockets(node),
    links.then(found => readBridgePorts(node, found)),
    unreadNftTables(node),
    listing.then(markServices),
  ]);
  return {
    tables: tables.value,
    sets: sets.value,
    virtualServers: servers,
    links: await links,
    routes: routes.value,
    routingRules: rules.value,
    sysctls: sysctls.value,
    sockets: sockets.value,
    ...(ports.value === undefined ? {} : { bridgePorts: ports.value }),
    unread: [tables, sets, routes, rules, sysctls, sockets, ports].flatMap(({ unread }) => unread).concat(...others),
  };
}

/** IPVS can also balance packets by their mark. No Service does that. */
const markServices = (listing: Listing | undefined): readonly string[] =>
  /^FWM /m.test(listing?.text ?? '') ? ['virtual servers of IPVS for firewall marks'] : [];
