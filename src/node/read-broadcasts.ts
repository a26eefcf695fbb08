import * as z from 'zod';
import { canonicalAddress } from '../net/address.js';
import type { NodeAccess } from './access.js';
import { understood } from './reading.js';
import { presentItems } from './tools/ip-json.js';

const routesSchema = z.array(z.object({ dst: z.string() }));

/**
 * Reads the broadcast addresses in a node's table of local routes, in the order of their texts: IPVS accepts no real
 * server with one of them (`ip_vs_new_dest` asks for the type of the address). The node's own addresses do not show all
 * of them: kernels before 5.14 add the lowest address of a network, and anybody may add a route.
 * @returns none if the tool fails: the kernel then refuses each real server by itself
 * @throws KproxyError (`output-not-understood`) if the output is not what ip prints
 */
export async function readBroadcasts(node: NodeAccess): Promise<readonly string[]> {
  const argv = ['ip', '-j', '-4', 'route', 'show', 'table', 'local', 'type', 'broadcast'];
  const { stdout, exitCode } = await node.run({ argv });
  if (exitCode !== 0 || stdout.trim() === '') return [];
  const routes = understood(argv, () => routesSchema.parse(presentItems(stdout)));
  return [...new Set(routes.map(({ dst }) => dst).filter(dst => canonicalAddress(dst) === dst))].sort();
}
