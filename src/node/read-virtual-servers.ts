import type { NodeAccess } from './access.js';
import type { Connections, Element } from './element.js';
import { realServerKey } from './kinds/real-server.js';
import { reading } from './reading.js';
import { parseIpvsadmList } from './tools/ipvsadm-list.js';
import { parseIpvsadmSave } from './tools/ipvsadm-save.js';
import { type ProcIpVs, parseProcIpVs } from './tools/proc-ip-vs.js';
import { moduleUsers } from './tools/proc-modules.js';

/** The connections of real servers, by the real servers' keys. */
export type ConnectionCounts = ReadonlyMap<string, Connections>;

/**
 * The virtual and real servers of this network namespace, and the module; nothing where the kernel has not loaded it.
 * @throws KproxyError (exit code 4)
 */
export async function readVirtualServers(node: NodeAccess): Promise<readonly Element[]> {
  const listing = await readListing(node);
  if (listing === undefined) return [];
  const { elements, needsIpvsadm, isWhole } = listing;
  const module: Element = { kind: 'module', name: 'ip_vs' };
  if (isWhole && !needsIpvsadm) return [module, ...elements];
  const saved = await reading(node, ['ipvsadm', '-S', '-n'], parseIpvsadmSave);
  return [module, ...withConnections(saved, isWhole ? connectionsIn(elements) : await listConnections(node))];
}

/** The connections of all real servers: the one thing of a node that changes while nobody programs it. */
export async function readConnections(node: NodeAccess): Promise<ConnectionCounts> {
  const listing = await readListing(node);
  if (listing === undefined) return new Map();
  return listing.isWhole ? connectionsIn(listing.elements) : listConnections(node);
}

const listConnections = (node: NodeAccess): Promise<ConnectionCounts> =>
  reading(
    node,
    ['ipvsadm', '-L', '-n'],
    text => new Map(parseIpvsadmList(text).map(count => [realServerKey(count), count.connections])),
  );

const connectionsIn = (elements: readonly Element[]): ConnectionCounts =>
  new Map(
    elements.flatMap(element =>
      element.kind === 'real-server' ? [[realServerKey(element), element.connections]] : [],
    ),
  );

/** ipvsadm's saving has all but the connections. */
const withConnections = (saved: readonly Element[], counts: ConnectionCounts): readonly Element[] =>
  saved.map(element =>
    element.kind === 'real-server'
      ? { ...element, connections: counts.get(realServerKey(element)) ?? element.connections }
      : element,
  );

async function readListing(node: NodeAccess): Promise<(ProcIpVs & { readonly isWhole: boolean }) | undefined> {
  const text = await node.readFile('/proc/net/ip_vs');
  if (text === undefined) return undefined;
  const listing = parseProcIpVs(text);
  return { ...listing, isWhole: text.length <= pageBytes || (await hasAll(node, listing)) };
}

/** The smallest buffer that a kernel fills at once. */
const pageBytes = 4096;

/**
 * The kernel goes on from page to page by a position that counts other network namespaces' virtual servers too, and then looks for it among this one's:
 * where there are others, a listing of more than a page lacks some (164 of 200 were listed beside 200 others, Linux 6.1). Each virtual server
 * holds its scheduler's module, whatever its namespace. Only where all of those are in the listing can there be no others.
 */
async function hasAll(node: NodeAccess, { virtualServers }: ProcIpVs): Promise<boolean> {
  const users = moduleUsers((await node.readFile('/proc/modules')) ?? '');
  const schedulers = [...users].filter(([name]) => name.startsWith('ip_vs_'));
  return schedulers.reduce((sum, [, count]) => sum + count, 0) === virtualServers;
}
