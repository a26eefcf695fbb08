import type { NodeAccess } from './access.js';
import type { Connections } from './actual-state.js';
import type { Thresholds } from './element.js';
import type { ConnectionCount, Finding } from './finding.js';
import { keyOf } from './kinds/index.js';
import { outputOf, parsed } from './reading.js';
import { parseIpvsadmList, parseThresholds } from './tools/ipvsadm-list.js';
import { parseIpvsadmSave } from './tools/ipvsadm-save.js';
import { type ProcIpVsSurvey, parseProcIpVs, surveyProcIpVs } from './tools/proc-ip-vs.js';
import { parseProcModules } from './tools/proc-modules.js';

/** /proc/net/ip_vs, and whether it lists everything. */
export interface Listing extends ProcIpVsSurvey {
  readonly text: string;
  readonly isWhole: boolean;
}

const listingCommand = ['cat', '/proc/net/ip_vs'];
const saveCommand = ['ipvsadm', '-S', '-n'];
const listCommand = ['ipvsadm', '-L', '-n'];
const thresholdCommand = [...listCommand, '--thresholds'];

/**
 * Reads the virtual and real servers of this network namespace, their connections, and the kernel module. A kernel that
 * has not loaded ip_vs has none of them.
 * @throws KproxyError if a tool fails
 */
export async function readVirtualServers(node: NodeAccess, listing: Listing | undefined): Promise<Iterable<Finding>> {
  if (listing === undefined) return [];
  if (listing.isWhole && !listing.needsIpvsadm && !(await hasPersistenceEngines(node)))
    return withModule(listed(listing));
  const saved = await outputOf(node, { argv: saveCommand });
  // `ipvsadm -S` prints everything but the connections.
  const connections = listing.isWhole ? connectionsIn(listing) : await listConnections(node);
  return withModule(parsed(saveCommand, parseIpvsadmSave(saved)), connections);
}

/**
 * Returns true if a virtual server has the one persistence engine of Linux. /proc/net/ip_vs does not list engines, but
 * each user holds the engine's module.
 */
async function hasPersistenceEngines(node: NodeAccess): Promise<boolean> {
  const users = await node.readFile('/sys/module/ip_vs_pe_sip/refcnt');
  return users !== undefined && Number(users) > 0;
}

/**
 * Only ipvsadm lists thresholds, with several system calls for each virtual server: 1.9 s for 5,000, whose other
 * settings are read in 0.05 s.
 */
const mostWithThresholds = 300;

/**
 * Reads the same, and the thresholds of real servers. A node with many virtual servers is taken to have none.
 * @throws KproxyError if a tool fails
 */
export async function readServersInDetail(node: NodeAccess, listing: Listing | undefined): Promise<Iterable<Finding>> {
  const virtualServers = listing?.virtualServers ?? 0;
  if (virtualServers === 0 || virtualServers >= mostWithThresholds) return readVirtualServers(node, listing);
  const [servers, text] = await Promise.all([
    readVirtualServers(node, listing),
    outputOf(node, { argv: thresholdCommand }),
  ]);
  const thresholds = parseThresholds(text);
  return thresholds.size === 0 ? servers : withThresholds(servers, thresholds);
}

function* withThresholds(findings: Iterable<Finding>, thresholds: ReadonlyMap<string, Thresholds>): Generator<Finding> {
  for (const finding of findings) {
    const found = finding.kind === 'real-server' ? thresholds.get(keyOf(finding)) : undefined;
    yield found === undefined ? finding : ({ ...finding, thresholds: found } as Finding);
  }
}

function* withModule(servers: Iterable<Finding>, connections: Iterable<Finding> = []): Generator<Finding> {
  yield { kind: 'module', name: 'ip_vs' };
  yield* servers;
  yield* connections;
}

const listed = ({ text }: Listing) => parsed(listingCommand, parseProcIpVs(text));

function* connectionsIn(listing: Listing): Generator<ConnectionCount> {
  for (const finding of listed(listing)) if (finding.kind === 'connections') yield finding;
}

const listConnections = async (node: NodeAccess): Promise<Iterable<ConnectionCount>> =>
  parsed(listCommand, parseIpvsadmList(await outputOf(node, { argv: listCommand })));

/** Reads the real servers that have connections: the one part of a node that changes although nothing programs it. */
export async function readConnections(node: NodeAccess): Promise<ReadonlyMap<string, Connections>> {
  const listing = await readListing(node);
  if (listing === undefined) return new Map();
  const counts = listing.isWhole ? connectionsIn(listing) : await listConnections(node);
  return new Map(Array.from(counts, count => [count.realServer, count]));
}

/** Returns undefined if the kernel has not loaded ip_vs. */
export async function readListing(node: NodeAccess): Promise<Listing | undefined> {
  const text = await node.readFile('/proc/net/ip_vs');
  if (text === undefined) return undefined;
  const survey = surveyProcIpVs(text);
  return { ...survey, text, isWhole: await hasAll(node, survey) };
}

/**
 * Returns true if a listing has all virtual servers. The kernel resumes each page at a position that counts the virtual
 * servers of other network namespaces too, so with others present some are missing (Linux 6.1 listed 164 of 200 beside
 * 200 others). What is listed may be less than a page even then: beside 60 others, Linux 6.1 listed 27 of 38 in 4,085
 * bytes, because nothing is printed of the second page. Every virtual server holds its scheduler's module, in whatever
 * namespace: if the listing has as many virtual servers as those modules have users, there are no others. An empty
 * listing has no second page.
 */
async function hasAll(node: NodeAccess, { virtualServers }: ProcIpVsSurvey): Promise<boolean> {
  if (virtualServers === 0) return true;
  const modules = parseProcModules((await node.readFile('/proc/modules')) ?? '');
  let users = 0;
  for (const module of modules) if (module.name.startsWith('ip_vs_')) users += module.users;
  return users === virtualServers;
}
