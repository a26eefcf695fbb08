import { KproxyError } from '../errors.js';
import { families, familyOf } from '../net/address.js';
import { commonNetwork } from '../net/common-network.js';
import { protocolNames } from '../net/protocol.js';
import type { CommandResult, NodeAccess } from './access.js';
import type { Command } from './command.js';
import type { Flow } from './element.js';
import { deletionOf } from './kinds/flow.js';
import { familyArguments, parseUdpFlows, type UdpFlow } from './tools/conntrack.js';

/**
 * Visits the UDP flows of a node to these addresses, and those to other addresses among them. Takes one look at the
 * table of each family, however many addresses there are.
 * @throws KproxyError (`apply-failed`) if conntrack fails, or that of a tool that is missing or hangs
 */
export async function visitFlows(
  node: NodeAccess,
  addresses: Iterable<string>,
  visit: (flow: UdpFlow) => void,
): Promise<void> {
  const all = [...new Set(addresses)];
  for (const family of families) {
    const ofFamily = all.filter(address => familyOf(address) === family);
    if (ofFamily.length === 0) continue;
    const command = listing(commonNetwork(ofFamily));
    const result = await node.run(command);
    if (result.exitCode !== 0) throw failure(command, result, 'look for');
    for (const flow of parseUdpFlows(result.stdout)) visit(flow);
  }
}

/** Of the flows to other addresses, conntrack drops as many as one filter can. */
const listing = (network: string): Command => ({
  argv: ['conntrack', '-L', ...familyArguments(network), '-p', protocolNames.UDP, '-d', network],
});

/** The exit status of conntrack if there was nothing to delete: the flows have ended meanwhile. */
const nothingDeleted = 1;

/**
 * Removes flows from conntrack. Each filter is a process, so that no file is needed: there is no batch that conntrack
 * reads from a pipe.
 * @throws KproxyError (`apply-failed`) if conntrack fails, or that of a tool that is missing or hangs
 */
export async function deleteFlows(node: NodeAccess, flows: readonly Flow[]): Promise<void> {
  for (const flow of flows) {
    const command = deletionOf(flow);
    const result = await node.run(command);
    if (result.exitCode > nothingDeleted) throw failure(command, result, 'remove');
  }
}

const failure = ({ argv }: Command, { exitCode, stderr }: CommandResult, verb: string): KproxyError =>
  new KproxyError({
    code: 'apply-failed',
    message: `cannot ${verb} stale UDP flows: \`${argv.join(' ')}\` failed with exit status ${exitCode}`,
    evidence: stderr.trim(),
    advice: 'Everything else was done. Run kproxy again: it finds the flows that are left.',
  });
