import type { Family } from '../net/address.js';
import type { NodeAccess } from './access.js';
import type { Element } from './element.js';
import type { NodeFacts } from './facts.js';
import { type Finding, inTurn } from './finding.js';
import { type IptablesBackend, withBackend } from './iptables-backend.js';
import { ipvsDevice, ownSysctlNames } from './names.js';
import { otherModes } from './other-modes.js';
import type { NodePart } from './part.js';
import { readLimitFacts, readTimeouts } from './read-limits.js';
import { readReliedAddresses } from './read-relied-addresses.js';
import { type NodeRules, readRules, readRulesOf, textsOf } from './read-rules.js';
import { type ReadSets, readSavedSets } from './read-sets.js';
import { type Listing, readListing, readServersInDetail, readVirtualServers } from './read-virtual-servers.js';
import { outputOf, parsed } from './reading.js';
import { type FamilySupport, familySupport, supportInKernel } from './served-families.js';
import { type LocalAddress, parseAddressList } from './tools/ip-address-list.js';

/** What was read of a node. Most of it is parsed as it is iterated, once. */
export interface NodeReading {
  readonly facts: NodeFacts;
  /** kproxy's part of the node and all virtual servers. Throws a KproxyError on output that cannot be parsed. */
  readonly findings: Iterable<Finding>;
  /** The backend that holds the node's iptables rules. Changes go there too. */
  readonly iptables: IptablesBackend;
  /** What the user should know of the node before it is changed: lines without a full stop. */
  readonly remarks: readonly string[];
}

/** A reading that has begun. */
export interface StartedReading {
  /** Known first, so that the desired state can be computed while the rest is read. */
  readonly facts: Promise<NodeFacts>;
  /** The backend that holds the node's iptables rules. */
  readonly iptables: Promise<IptablesBackend>;
  readonly whole: Promise<NodeReading>;
}

const noFamilies: PromiseLike<ReadonlySet<Family>> = Promise.resolve(new Set<Family>());

/** What is read of a node only if it is asked for, because it takes another process. */
export interface ReadingOptions {
  /** The timeouts of IPVS. */
  readonly timeouts?: boolean;
}

/**
 * Reads a node with the tools' machine-readable forms. A partial reading is never returned.
 * @param needed the families that Services have
 * @throws KproxyError if a tool fails
 */
export const readNode = (node: NodeAccess, needed = noFamilies, options: ReadingOptions = {}): Promise<NodeReading> =>
  startReading(node, needed, options).whole;

/**
 * Starts to read a node. The promises reject with a KproxyError if a tool fails.
 * @param needed the families that Services have, which may be found out meanwhile
 */
export function startReading(
  node: NodeAccess,
  needed = noFamilies,
  { timeouts = false }: ReadingOptions = {},
): StartedReading {
  const listing = readListing(node);
  // Reading the sets takes longest, so it starts first.
  const sets = listing.then(found => readSavedSets(node, found));
  const addresses = listing.then(() => readAddresses(node));
  const rules = readRules(node);
  const support = rules.then(({ byFamily, backend }) => familySupport(withBackend(node, backend), byFamily, needed));
  const facts = factsWith(addresses, support, node);
  const asked = timeouts ? listing.then(found => readTimeouts(node, found !== undefined)) : Promise.resolve([]);
  const whole = readWhole(node, { listing, sets, addresses, rules, facts, timeouts: asked });
  const iptables = rules.then(({ backend }) => backend);
  // A caller that fails for another reason may never wait for these.
  for (const promise of [facts, iptables, whole]) promise.catch(() => {});
  return { facts, iptables, whole };
}

interface StartedParts {
  readonly listing: Promise<Listing | undefined>;
  readonly sets: Promise<ReadSets>;
  readonly addresses: Promise<Addresses>;
  readonly rules: Promise<NodeRules>;
  readonly facts: Promise<NodeFacts>;
  readonly timeouts: Promise<readonly Element[]>;
}

async function readWhole(node: NodeAccess, parts: StartedParts): Promise<NodeReading> {
  const [{ device }, sets, rules, servers, sysctls, modes, facts, timeouts] = await Promise.all([
    parts.addresses,
    parts.sets,
    parts.rules,
    parts.listing.then(listing => readServersInDetail(node, listing)),
    readSysctls(node),
    parts.rules.then(({ byFamily }) => otherModes(node, textsOf(byFamily))),
    parts.facts,
    parts.timeouts,
  ]);
  return {
    facts,
    findings: inTurn(device, sets.findings, ...rules.findings, servers, sysctls, timeouts),
    iptables: rules.backend,
    remarks: [...sets.remarks, ...rules.remarks, ...modes],
  };
}

/** How each part of a node is read. */
const partReaders: Readonly<Record<NodePart, (node: NodeAccess) => Promise<Iterable<Finding>>>> = {
  addresses: async node => (await readAddresses(node)).device,
  sets: async node => (await readSavedSets(node, await readListing(node))).findings,
  'rules-IPv4': node => readRulesOf(node, 'IPv4'),
  'rules-IPv6': node => readRulesOf(node, 'IPv6'),
  servers: async node => readVirtualServers(node, await readListing(node)),
  timeouts: async node => readTimeouts(node, (await readListing(node)) !== undefined),
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
export const readFacts = (node: NodeAccess): Promise<NodeFacts> =>
  factsWith(readAddresses(node), supportInKernel(node), node);

async function factsWith(
  addresses: Promise<Addresses>,
  support: Promise<FamilySupport>,
  node: NodeAccess,
): Promise<NodeFacts> {
  const [{ local }, kernelRelease, { unserved, untried }, limits, relied] = await Promise.all([
    addresses,
    readKernelRelease(node),
    support,
    readLimitFacts(node),
    readReliedAddresses(node),
  ]);
  return { localAddresses: local, kernelRelease, unserved, untried, limits, relied };
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

async function readSysctls(node: NodeAccess): Promise<readonly Element[]> {
  const values = await Promise.all(
    ownSysctlNames.map(async (name): Promise<Element | undefined> => {
      const value = await node.readFile(`/proc/sys/${name}`);
      return value === undefined ? undefined : { kind: 'sysctl', name, value: value.trim() };
    }),
  );
  return values.filter(element => element !== undefined);
}
