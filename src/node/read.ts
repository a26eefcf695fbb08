import type { Family } from '../net/address.js';
import type { NodeAccess } from './access.js';
import type { Element } from './element.js';
import type { NodeFacts } from './facts.js';
import { type Fill, filledState, fillWith, type Known, nothingKnown } from './filled-state.js';
import { findBackend, type IptablesBackend, withBackend } from './iptables-backend.js';
import { ipvsDevice, sysctlNames } from './names.js';
import { type Listing, readListing, readVirtualServers } from './read-virtual-servers.js';
import { reading, readingLater } from './reading.js';
import type { NodeState } from './state.js';
import { type AddressList, parseAddressList } from './tools/ip-address-list.js';
import { parseIpsetList, type SetHeader } from './tools/ipset-list.js';
import { parseIpsetSave } from './tools/ipset-save.js';
import { parseIptablesSave } from './tools/iptables-save.js';
import { withoutProtocolNames } from './tools/without-protocol-names.js';

/** The node as it is: kproxy's part of it, all virtual servers, and the facts that the desired state depends on. */
export interface ActualNode {
  readonly state: NodeState;
  readonly facts: NodeFacts;
  /** Where the node's iptables rules are; writing goes there too. */
  readonly iptables: IptablesBackend;
}

/** What anybody may read of the node, for a script that starts from nothing. */
export async function readFacts(node: NodeAccess): Promise<NodeFacts> {
  const [{ localAddresses }, kernelRelease] = await Promise.all([readAddresses(node), readKernelRelease(node)]);
  return { localAddresses, kernelRelease };
}

const readAddresses = (node: NodeAccess): Promise<AddressList> =>
  reading(node, ['ip', '-d', '-j', 'addr', 'show'], text => parseAddressList(text, ipvsDevice));

const readKernelRelease = async (node: NodeAccess): Promise<string | undefined> =>
  (await node.readFile('/proc/sys/kernel/osrelease'))?.trim();

export interface ReadWithWanted<Wanted> {
  readonly actual: ActualNode;
  readonly wanted: Wanted;
}

/**
 * Reads the node with the tools' machine forms.
 * @throws KproxyError (exit code 4) where a tool fails or prints what it should not: a partial reading is never used
 */
export const readNode = async (node: NodeAccess): Promise<ActualNode> =>
  (await readNodeWith(node, () => ({ asked: nothingKnown }))).actual;

/**
 * The same, where something is wanted of a node with these facts: most of it is on the node, and need not be in memory twice.
 * @param readSets another way to read kproxy's sets
 * @throws what `wanted` throws, too
 */
export async function readNodeWith<Wanted extends { readonly asked: Known }>(
  node: NodeAccess,
  wanted: (facts: NodeFacts) => Wanted | Promise<Wanted>,
  readSets: (node: NodeAccess, listing?: Listing) => Promise<Fill> = readSavedSets,
): Promise<ReadWithWanted<Wanted>> {
  const listing = await readListing(node);
  // The longest of them starts first.
  const savedSets = readSets(node, listing);
  const addresses = readAddresses(node);
  const facts = Promise.all([addresses, readKernelRelease(node)]).then(
    ([{ localAddresses }, kernelRelease]): NodeFacts => ({ localAddresses, kernelRelease }),
  );
  const [{ fill }, sets, rules, servers, sysctls, found] = await Promise.all([
    addresses,
    savedSets,
    readRules(node),
    readVirtualServers(node, listing),
    readSysctls(node),
    facts.then(wanted),
  ]);
  const state = filledState([fill, sets, fillWith(rules.elements), servers, fillWith(sysctls)], found.asked);
  return { actual: { state, facts: await facts, iptables: rules.backend }, wanted: found };
}

/** kproxy's sets with all their entries. */
export const readSavedSets = (node: NodeAccess, listing?: Listing): Promise<Fill> => {
  const hasMany = (listing?.virtualServers ?? 0) >= manyVirtualServers;
  return readingLater(hasMany ? withoutProtocolNames(node) : node, { argv: ['ipset', 'save'] }, parseIpsetSave);
};

/** Each virtual server has one or more entries. With fewer, looking up their protocols is faster than preventing it. */
const manyVirtualServers = 300;

/** kproxy's sets with the numbers of their entries. */
export const readSetHeaders = (node: NodeAccess): Promise<readonly SetHeader[]> =>
  reading(node, ['ipset', 'list', '-t', '-o', 'xml'], parseIpsetList);

interface Rules {
  readonly elements: readonly Element[];
  readonly backend: IptablesBackend;
}

/** Both families are read from one backend, the one that has rules. */
async function readRules(node: NodeAccess): Promise<Rules> {
  const saved = await readSavedRules(node);
  const backend = await findBackend(
    node,
    saved.map(({ text }) => text),
  );
  const used = backend === 'default' ? saved : await readSavedRules(withBackend(node, backend));
  return { elements: used.flatMap(({ elements }) => elements), backend };
}

/** A kernel without IPv6 has no rules for it. */
async function readSavedRules(node: NodeAccess) {
  const hasIpv6 = (await node.readFile('/proc/net/if_inet6')) !== undefined;
  const read = (program: string, family: Family) =>
    reading(node, [program], text => ({ text, elements: parseIptablesSave(text, family) }));
  return Promise.all([read('iptables-save', 'IPv4'), ...(hasIpv6 ? [read('ip6tables-save', 'IPv6')] : [])]);
}

async function readSysctls(node: NodeAccess): Promise<readonly Element[]> {
  const values = await Promise.all(
    sysctlNames.map(async (name): Promise<Element | undefined> => {
      const value = await node.readFile(`/proc/sys/${name}`);
      return value === undefined ? undefined : { kind: 'sysctl', name, value: value.trim() };
    }),
  );
  return values.filter(element => element !== undefined);
}
