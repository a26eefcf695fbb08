import type { NodeAccess } from '../access.js';
import { outputOf, understood } from '../reading.js';
import { parseBridgePorts } from '../tools/bridge-fdb.js';
import type { DatapathLink } from './datapath.js';
import { attempt, type PartReading, whole } from './part-reading.js';

/**
 * Reads which port of a bridge each neighbor is behind. Only a bridge that returns packets to some of its ports and not
 * to others treats neighbors differently, so that other nodes need no further process.
 */
export async function readBridgePorts(
  node: NodeAccess,
  links: readonly DatapathLink[],
): Promise<PartReading<Readonly<Record<string, string>> | undefined>> {
  if (!hasMixedPorts(links)) return whole(undefined);
  return attempt('the ports of bridges', undefined, async () => {
    const argv = ['bridge', '-j', 'fdb', 'show'];
    const [forwarding, neighbors] = await Promise.all([
      outputOf(node, { argv }),
      outputOf(node, { argv: ['ip', '-j', 'neigh', 'show'] }),
    ]);
    return understood(argv, () => parseBridgePorts(forwarding, neighbors));
  });
}

/** Returns true if the ports of one bridge differ in whether it returns packets to them. */
const hasMixedPorts = (links: readonly DatapathLink[]): boolean => {
  const kinds = new Map<string, boolean>();
  return links.some(({ master, isHairpin }) => {
    if (master === undefined || isHairpin === undefined) return false;
    const known = kinds.get(master) ?? isHairpin;
    kinds.set(master, known);
    return known !== isHairpin;
  });
};
