import type { NodeAccess } from '../access.js';
import { outputOf, understood } from '../reading.js';
import { parseLinks } from '../tools/ip-link-list.js';
import type { DatapathLink } from './datapath.js';

/**
 * Reads all devices with their addresses.
 * @throws KproxyError if ip fails
 */
export async function readLinks(node: NodeAccess): Promise<readonly DatapathLink[]> {
  const argv = ['ip', '-d', '-j', 'addr', 'show'];
  const text = await outputOf(node, { argv });
  return understood(argv, () => parseLinks(text));
}
