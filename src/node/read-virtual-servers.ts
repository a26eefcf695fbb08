import type { NodeAccess } from './access.js';
import type { Connections } from './element.js';
import type { Collector, Fill } from './filled-state.js';
import { realServerKey } from './kinds/real-server.js';
import { reading, understood } from './reading.js';
import { parseIpvsadmList } from './tools/ipvsadm-list.js';
import { parseIpvsadmSave } from './tools/ipvsadm-save.js';
import { type ProcIpVsSurvey, parseProcIpVs, surveyProcIpVs } from './tools/proc-ip-vs.js';
import { moduleUsers } from './tools/proc-modules.js';

/** The connections of real servers, by the real servers' keys. */
export type ConnectionCounts = ReadonlyMap<string, Connections>;

/**
 * The virtual and real servers of this network namespace, and the module; nothing where the kernel has not loaded it, and so lists nothing.
 * @throws KproxyError (exit code 4)
 */
export async function readVirtualServers(node: NodeAccess, listing: Listing | undefined): Promise<Fill> {
  if (listing === undefined) return () => {};
  const servers = listing.isWhole && !listing.needsIpvsadm ? listed(listing) : await readSavedServers(node, listing);
  return collector => {
    collector.add({ kind: 'module', name: 'ip_vs' });
    servers(collector);
  };
}

const listed =
  ({ text }: Listing) =>
  (collector: Pick<Collector, 'add'>): void =>
    understood(listingCommand, () => parseProcIpVs(text, collector));

/** ipvsadm's saving has all but the connections. */
async function readSavedServers(node: NodeAccess, listing: Listing): Promise<Fill> {
  const saved = await reading(node, ['ipvsadm', '-S', '-n'], parseIpvsadmSave);
  const counts = listing.isWhole ? connectionsIn(listing) : await listConnections(node);
  return ({ add }) => {
    for (const element of saved)
      add(
        element.kind === 'real-server'
          ? { ...element, connections: counts.get(realServerKey(element)) ?? element.connections }
          : element,
      );
  };
}

/** The connections of all real servers: the one thing of a node that changes while nobody programs it. */
export async function readConnections(node: NodeAccess): Promise<ConnectionCounts> {
  const listing = await readListing(node);
  if (listing === undefined) return new Map();
  return listing.isWhole ? connectionsIn(listing) : listConnections(node);
}

const listConnections = (node: NodeAccess): Promise<ConnectionCounts> =>
  reading(
    node,
    ['ipvsadm', '-L', '-n'],
    text => new Map(parseIpvsadmList(text).map(count => [realServerKey(count), count.connections])),
  );

function connectionsIn(listing: Listing): ConnectionCounts {
  const counts = new Map<string, Connections>();
  listed(listing)({
    add: element => {
      if (element.kind === 'real-server') counts.set(realServerKey(element), element.connections);
    },
  });
  return counts;
}

/** /proc/net/ip_vs, with what can be said of it at first sight. */
export interface Listing extends ProcIpVsSurvey {
  readonly text: string;
  readonly isWhole: boolean;
}

const listingCommand = ['cat', '/proc/net/ip_vs'];

/** Undefined where the kernel has not loaded IPVS. */
export async function readListing(node: NodeAccess): Promise<Listing | undefined> {
  const text = await node.readFile('/proc/net/ip_vs');
  if (text === undefined) return undefined;
  const survey = understood(listingCommand, () => surveyProcIpVs(text));
  return { ...survey, text, isWhole: text.length <= pageBytes || (await hasAll(node, survey)) };
}

/** The smallest buffer that a kernel fills at once. */
const pageBytes = 4096;

/**
 * The kernel goes on from page to page by a position that counts other network namespaces' virtual servers too, and then looks for it among this one's:
 * where there are others, a listing of more than a page lacks some (164 of 200 were listed beside 200 others, Linux 6.1). Each virtual server
 * holds its scheduler's module, whatever its namespace. Only where all of those are in the listing can there be no others.
 */
async function hasAll(node: NodeAccess, { virtualServers }: ProcIpVsSurvey): Promise<boolean> {
  const users = moduleUsers((await node.readFile('/proc/modules')) ?? '');
  const schedulers = [...users].filter(([name]) => name.startsWith('ip_vs_'));
  return schedulers.reduce((sum, [, count]) => sum + count, 0) === virtualServers;
}
