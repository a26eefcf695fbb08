import { KproxyError } from '../errors.js';
import type { NodeAccess } from './access.js';
import type { Finding } from './finding.js';
import { ownSetName } from './names.js';
import type { Listing } from './read-virtual-servers.js';
import { outputOf, parsed } from './reading.js';
import { parseIpsetList, type SetHeader } from './tools/ipset-list.js';
import { parseIpsetSave } from './tools/ipset-save.js';
import { withoutProtocolNames } from './tools/without-protocol-names.js';

/** kproxy's sets with their entries. */
export interface ReadSets {
  readonly findings: Iterable<Finding>;
  /** What the user should know of how they were read. */
  readonly remarks: readonly string[];
}

export const saveCommand = ['ipset', 'save'];

/**
 * Reads kproxy's sets with all their entries.
 * @throws KproxyError if ipset fails
 */
export async function readSavedSets(node: NodeAccess, listing: Listing | undefined): Promise<ReadSets> {
  const { texts, remarks } = await allOrOwn(nodeForSets(node, listing), saveCommand, name => [...saveCommand, name]);
  return { findings: parsed(saveCommand, parseEach(texts, parseIpsetSave)), remarks };
}

/**
 * Each virtual server has at least one entry in a set. With fewer, disabling name lookups takes longer than it saves.
 */
const manyVirtualServers = 300;

/** Returns a node on which `ipset save` is as fast as it can be. */
export const nodeForSets = (node: NodeAccess, listing: Listing | undefined): NodeAccess =>
  (listing?.virtualServers ?? 0) >= manyVirtualServers ? withoutProtocolNames(node) : node;

const listOptions = ['-t', '-o', 'xml'];

/**
 * Reads kproxy's sets with the numbers of their entries.
 * @throws KproxyError if ipset fails
 */
export async function readSetHeaders(node: NodeAccess): Promise<readonly SetHeader[]> {
  const argv = ['ipset', 'list', ...listOptions];
  const { texts } = await allOrOwn(node, argv, name => ['ipset', 'list', name, ...listOptions]);
  return [...parsed(argv, parseEach(texts, parseIpsetList))];
}

function* parseEach<Item>(texts: readonly string[], parse: (text: string) => Iterable<Item>): Generator<Item> {
  for (const text of texts) yield* parse(text);
}

/**
 * Runs a command about all sets, and if that fails, one for each of kproxy's: ipset fails for all sets together if it
 * does not know the type or revision of any one, which another program with a newer ipset may have created.
 * @throws KproxyError the first command's failure, if kproxy's own sets cannot be read either
 */
async function allOrOwn(
  node: NodeAccess,
  argv: readonly string[],
  commandFor: (name: string) => readonly string[],
): Promise<{ readonly texts: readonly string[]; readonly remarks: readonly string[] }> {
  try {
    return { texts: [await outputOf(node, { argv })], remarks: [] };
  } catch (error) {
    if (!isFailure(error) || /not permitted|Permission denied/.test(error.evidence ?? '')) throw error;
    const texts = await eachOwn(node, commandFor);
    // Without any set of kproxy's nothing but ipset's own words shows that the failure is not about kproxy's sets.
    if (texts === undefined || (texts.length === 0 && !isAboutOneSet(error))) throw error;
    return { texts, remarks: [onlyOwn(error)] };
  }
}

const isFailure = (error: unknown): error is KproxyError =>
  error instanceof KproxyError && error.code === 'tool-failed';

const isAboutOneSet = ({ evidence = '' }: KproxyError): boolean => /settype|userspace|Broken .*message/i.test(evidence);

/** Returns what a command prints for each of kproxy's sets, or undefined if one of them cannot be read. */
async function eachOwn(
  node: NodeAccess,
  commandFor: (name: string) => readonly string[],
): Promise<readonly string[] | undefined> {
  const listed = await node.run({ argv: ['ipset', 'list', '-n'] });
  if (listed.exitCode !== 0) return undefined;
  const names = listed.stdout.split('\n').filter(name => ownSetName(name) !== undefined);
  const results = await Promise.all(names.map(name => node.run({ argv: commandFor(name) })));
  return results.every(({ exitCode }) => exitCode === 0) ? results.map(({ stdout }) => stdout) : undefined;
}

const onlyOwn = ({ evidence = '' }: KproxyError): string =>
  'ipset cannot show the sets of another program, so that kproxy reads its own one by one: ' +
  `${evidence.split('\n').at(-1)}`;
