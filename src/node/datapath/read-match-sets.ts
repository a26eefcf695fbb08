import { KproxyError } from '../../errors.js';
import type { NodeAccess } from '../access.js';
import { nodeForSets, saveCommand } from '../read-sets.js';
import type { Listing } from '../read-virtual-servers.js';
import { failureOf, understood } from '../reading.js';
import { parseMatchSets } from '../tools/ipset-save-sets.js';
import type { MatchSet } from './datapath.js';
import { attempt, type PartReading, whole } from './part-reading.js';

/**
 * Reads the sets of all software. A set that ipset cannot show is among what was not read.
 * @throws KproxyError if ipset can show none
 */
export async function readMatchSets(
  node: NodeAccess,
  listing: Listing | undefined,
): Promise<PartReading<readonly MatchSet[]>> {
  const there = nodeForSets(node, listing);
  try {
    return whole(await savedSets(there, saveCommand));
  } catch (error) {
    if (!(error instanceof KproxyError) || error.code !== 'tool-failed') throw error;
    return eachSet(there, error);
  }
}

/** Reads the sets one by one: ipset fails for all together if it does not know the type or revision of any one. */
async function eachSet(node: NodeAccess, reason: KproxyError): Promise<PartReading<readonly MatchSet[]>> {
  const listed = await node.run({ argv: ['ipset', 'list', '-n'] });
  if (listed.exitCode !== 0) throw reason;
  const names = listed.stdout.split('\n').filter(name => name !== '');
  const parts = await Promise.all(
    names.map(name => attempt<readonly MatchSet[]>(`set ${name}`, [], () => savedSets(node, [...saveCommand, name]))),
  );
  if (parts.every(({ value }) => value.length === 0)) throw reason;
  return { value: parts.flatMap(({ value }) => value), unread: parts.flatMap(({ unread }) => unread) };
}

async function savedSets(node: NodeAccess, argv: readonly string[]): Promise<readonly MatchSet[]> {
  const result = await node.run({ argv });
  if (result.exitCode !== 0) throw failureOf({ argv }, result);
  return understood(argv, () => parseMatchSets(result.stdout));
}
