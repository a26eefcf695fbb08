import { type Family, families } from '../net/address.js';
import type { NodeAccess } from './access.js';
import type { Element } from './element.js';
import type { NodeFacts } from './facts.js';
import { type Finding, inTurn } from './finding.js';
import { findBackend, type IptablesBackend, withBackend } from './iptables-backend.js';
import { ipvsDevice, sysctlNames } from './names.js';
import type { NodePart } from './part.js';
import { type Listing, readListing, readVirtualServers } from './read-virtual-servers.js';
import { outputOf, parsed } from './reading.js';
import { type LocalAddress, parseAddressList } from './tools/ip-address-list.js';
import { parseIpsetList, type SetHeader } from './tools/ipset-list.js';
import { parseIpsetSave } from './tools/ipset-save.js';
import { iptablesProgram } from './tools/iptables.js';
import { parseIptablesSave } from './tools/iptables-save.js';
import { withoutProtocolNames } from './tools/without-protocol-names.js';

/** What was read of a node. Most of it is parsed as it is iterated, once. */
export interface NodeReading {
  readonly facts: NodeFacts;
  /** kproxy's part of the node and all virtual servers. Throws a KproxyError on output that cannot be parsed. */
  readonly findings: Iterable<Finding>;
  /** The backend that holds the node's iptables rules. Changes go there too. */
  readonly iptables: IptablesBackend;
}

/** A reading that has begun. */
export interface StartedReading {
  /** Known first, so that the desired state can be computed while the rest is read. */
  readonly facts: Promise<NodeFacts>;
  readonly whole: Promise<NodeReading>;
}

/**
 * Reads a node with the tools' machine-readable forms. A partial reading is never returned.
 * @throws KproxyError if a tool fails
 */
export const readNode = (node: NodeAccess): Promise<NodeReading> => startReading(node).whole;

/** Starts to read a node. The promises reject with a KproxyError if a tool fails. */
export function startReading(node: NodeAccess): StartedReading {
  const listing = readListing(node);
  // Reading the sets takes longest, so it starts first.
  const sets = listing.then(found => readSavedSets(node, found));
  const addresses = listing.then(() => readAddresses(node));
  const facts = factsWith(addresses, node);
  const whole = readWhole(node, { listing, sets, addresses, facts });
  // A caller that fails for another reason may never wait for these.
  for (const promise of [facts, whole]) promise.catch(() => {});
  return { facts, whole };
}

interface StartedParts {
  readonly listing: Promise<Listing | undefined>;
  readonly sets: Promise<Iterable<Finding>>;
  readonly addresses: Promise<Addresses>;
  readonly facts: Promise<NodeFacts>;
}

async function readWhole(node: NodeAccess, parts: StartedParts): Promise<NodeReading> {
  const [{ device }, sets, rules, servers, sysctls] = await Promise.all([
    parts.addresses,
    parts.sets,
    readRules(node),
    parts.listing.then(listing => readVirtualServers(node, listing)),
    readSysctls(node),
  ]);
  return {
    facts: await parts.facts,
    findings: inTurn(device, sets, ...rules.findings, servers, sysctls),
    iptables: rules.backend,
  };
}

/** How each part of a node is read. */
const partReaders: Readonly<Record<NodePart, (node: NodeAccess) => Promise<Iterable<Finding>>>> = {
  addresses: async node => (await readAddresses(node)).device,
  sets: async node => readSavedSets(node, await readListing(node)),
  'rules-IPv4': async node => (await readFamily(node, 'IPv4')).findings,
  'rules-IPv6': async node => (await readFamily(node, 'IPv6')).findings,
  servers: async node => readVirtualServers(node, await readListing(node)),
  sysctls: readSysctls,
};

/**
 * Reads some parts of a node.
 * @param node with the iptables backend that its rules are in
 * @throws KproxyError if a tool fails
 */
export async function readParts(node: NodeAccess, parts: Iterable<NodePart>): Promise<Iterable<Finding>> {
  return inTurn(...(await Promise.all(Array.from(parts, part => partReaders[part](node)))));
}

/** Reads what every user may read of a node, for a script that starts from nothing. */
export const readFacts = (node: NodeAccess): Promise<NodeFacts> => factsWith(readAddresses(node), node);

async function factsWith(addresses: Promise<Addresses>, node: NodeAccess): Promise<NodeFacts> {
  const [{ local }, kernelRelease] = await Promise.all([addresses, readKernelRelease(node)]);
  return { localAddresses: local, kernelRelease };
}

interface Addresses {
  /** The IPVS device and its addresses. */
  readonly device: readonly Element[];
  readonly local: readonly LocalAddress[];
}

async function readAddresses(node: NodeAccess): Promise<Addresses> {
  const argv = ['ip', '-d', '-j', 'addr', 'show'];
  const text = await outputOf(node, { argv });
  const device: Element[] = [];
  const local: LocalAddress[] = [];
  for (const found of parsed(argv, parseAddressList(text, ipvsDevice)))
    if (found.kind === 'local-address') local.push(found);
    else device.push(found);
  return { device, local };
}

const readKernelRelease = async (node: NodeAccess): Promise<string | undefined> =>
  (await node.readFile('/proc/sys/kernel/osrelease'))?.trim();

/** Reads kproxy's sets with all their entries. */
async function readSavedSets(node: NodeAccess, listing: Listing | undefined): Promise<Iterable<Finding>> {
  const argv = ['ipset', 'save'];
  const hasMany = (listing?.virtualServers ?? 0) >= manyVirtualServers;
  return parsed(argv, parseIpsetSave(await outputOf(hasMany ? withoutProtocolNames(node) : node, { argv })));
}

/**
 * Each virtual server has at least one entry in a set. With fewer, disabling name lookups takes longer than it saves.
 */
const manyVirtualServers = 300;

/** Reads kproxy's sets with the numbers of their entries. */
export async function readSetHeaders(node: NodeAccess): Promise<readonly SetHeader[]> {
  const argv = ['ipset', 'list', '-t', '-o', 'xml'];
  return [...parsed(argv, parseIpsetList(await outputOf(node, { argv })))];
}

interface SavedRules {
  readonly texts: readonly string[];
  readonly findings: readonly Iterable<Finding>[];
}

interface Rules extends Pick<SavedRules, 'findings'> {
  readonly backend: IptablesBackend;
}

/** Reads both families from the one backend that has rules. */
async function readRules(node: NodeAccess): Promise<Rules> {
  const saved = await readSavedRules(node);
  const backend = await findBackend(node, saved.texts);
  const { findings } = backend === 'default' ? saved : await readSavedRules(withBackend(node, backend));
  return { findings, backend };
}

async function readSavedRules(node: NodeAccess): Promise<SavedRules> {
  // A kernel without IPv6 has no rules for it.
  const hasIpv6 = (await node.readFile('/proc/net/if_inet6')) !== undefined;
  const saved = await Promise.all((hasIpv6 ? families : (['IPv4'] as const)).map(family => readFamily(node, family)));
  return { texts: saved.map(({ text }) => text), findings: saved.map(({ findings }) => findings) };
}

async function readFamily(node: NodeAccess, family: Family) {
  const argv = [`${iptablesProgram(family)}-save`];
  const text = await outputOf(node, { argv });
  return { text, findings: parsed(argv, parseIptablesSave(text, family)) };
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
