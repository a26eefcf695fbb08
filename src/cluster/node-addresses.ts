import { messageOf } from '../errors.js';
import { canonicalAddress } from '../net/address.js';
import type { Kubectl } from './kubectl-command.js';
import { kubectlError } from './kubectl-error.js';

/** The names of Nodes by their InternalIPs. */
export type NodeAddresses = ReadonlyMap<string, string>;

/** A table of the API server: a Node is about 200 bytes of it, and 10,000 as an object. */
const command = ['get', 'nodes', '-o', 'wide', '--no-headers'];

/** The table begins with NAME, STATUS, ROLES, AGE, VERSION (empty before a Node is ready) and INTERNAL-IP. */
const addressColumns = [5, 4];

/**
 * Reads the InternalIPs of all Nodes. Of several the table shows the first.
 * @throws KproxyError `kubectl-missing`, `kubectl-failed` or `kubectl-hangs`
 */
export async function readNodeAddresses(kubectl: Kubectl): Promise<NodeAddresses> {
  const result = await kubectl(command);
  if (result.exitCode !== 0) throw kubectlError(command, result);
  const found = new Map<string, string>();
  for (const line of result.stdout.split('\n')) {
    const columns = line.trim().split(/\s+/);
    const address = addressColumns.map(column => canonicalAddress(columns[column] ?? '')).find(Boolean);
    if (address !== undefined) found.set(address, columns[0] ?? '');
  }
  return found;
}

/** Says what follows if the addresses of other Nodes cannot be read. */
export const unknownNodes = (error: unknown): string =>
  `the addresses of other Nodes are not known, so that Services that take them are not named: ${messageOf(error)}`;
