import type { InvalidObject } from '../cluster/cluster.js';
import { quotedIfHostile } from '../cluster/problems.js';
import type { Node } from '../cluster/schema/node.js';
import { KproxyError } from '../errors.js';
import { isSimilarName } from '../similar-names.js';
import { countText } from '../text.js';

/** The Nodes that were read. None means that nothing is known: they are forbidden, or the files hold none. */
export interface KnownNodes {
  readonly nodes: Iterable<Node>;
  readonly invalid: readonly InvalidObject[];
}

/**
 * Returns the error for a node name that none of the cluster's Nodes has, or undefined if one has it or nothing is
 * known of Nodes. With a wrong name no endpoint counts as local, and `externalTrafficPolicy: Local` fails silently
 * (kubernetes #71851).
 */
export function unknownNode(name: string, { nodes, invalid }: KnownNodes): KproxyError | undefined {
  const names = [
    ...Array.from(nodes, ({ metadata }) => metadata.name),
    ...invalid.flatMap(object => (object.kind === 'Node' ? [object.name] : [])),
  ];
  if (names.length === 0 || names.includes(name)) return undefined;
  return new KproxyError({
    code: 'node-unknown',
    message: `the cluster has no Node named ${JSON.stringify(name)}: ${namesText(name, names)}`,
    advice: 'Give the name of this machine in the cluster with --node (kubectl get nodes). Nothing was changed.',
  });
}

/** Returns a warning for commands that change nothing. */
export const unknownNodeLine = ({ message }: KproxyError): string =>
  `${message}; endpoints on this node do not count as local. Give its name with --node`;

const mostNames = 3;

function namesText(name: string, names: readonly string[]): string {
  const similar = names.filter(other => isSimilar(name, other)).sort();
  const shown = (similar.length > 0 ? similar : [...names].sort()).slice(0, mostNames).map(quotedIfHostile).join(', ');
  if (similar.length > 0) return `similar ${similar.length === 1 ? 'is' : 'are'} ${shown}`;
  return `it has ${countText(names.length, 'Node')}${names.length > mostNames ? ', such as' : ':'} ${shown}`;
}

/** Returns true for a host name with and without its domain, and for names that differ in few characters. */
function isSimilar(one: string, other: string): boolean {
  const host = (name: string) => name.split('.')[0];
  return host(one) === host(other) || isSimilarName(one, other);
}
