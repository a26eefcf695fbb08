import type { Cluster, InvalidObject } from '../cluster/cluster.js';
import type { NodeNames } from '../cluster/node-names.js';
import { quotedIfHostile } from '../cluster/problems.js';
import type { Node } from '../cluster/schema/node.js';
import type { ClusterStore } from '../cluster/store.js';
import { KproxyError } from '../errors.js';
import { isSimilarName } from '../similar-names.js';
import { countText } from '../text.js';

/** The Nodes that were read: from a cluster only those with the name that is asked for. */
export interface KnownNodes extends Pick<Cluster, 'unread'> {
  readonly nodes: Iterable<Node>;
  readonly invalid: readonly InvalidObject[];
}

/** Returns the Nodes that a store has. They are listed because a lazy view of them could be iterated only once. */
export const knownNodesOf = (store: ClusterStore): KnownNodes => ({
  nodes: [...store.objects('Node').values()],
  invalid: store.invalid(),
  unread: [...store.unread],
});

/** Returns true if the cluster has no Node of this name. False if nothing is known of its Nodes. */
export const isUnknownNode = (name: string, known: KnownNodes): boolean =>
  !known.unread?.includes('Node') && !nodeNamesOf(known).names.includes(name);

/** Returns the names of the Nodes that were read. */
export function nodeNamesOf({ nodes, invalid }: KnownNodes): NodeNames {
  const names = [
    ...Array.from(nodes, ({ metadata }) => metadata.name),
    ...invalid.flatMap(object => (object.kind === 'Node' ? [object.name] : [])),
  ];
  return { names, count: names.length };
}

/**
 * Returns the error for a node name that none of the cluster's Nodes has. With a wrong name no endpoint counts as
 * local, and `externalTrafficPolicy: Local` fails silently (kubernetes #71851).
 * @param known names that the cluster has, if they could be read
 */
export const unknownNode = (name: string, known: NodeNames | undefined): KproxyError =>
  new KproxyError({
    code: 'node-unknown',
    message: `the cluster has no Node named ${JSON.stringify(name)}${known ? `: ${namesText(name, known)}` : ''}`,
    advice: 'Give the name of this machine in the cluster with --node (kubectl get nodes). Nothing was changed.',
  });

/** Returns a warning for commands that change nothing. */
export const unknownNodeLine = ({ message }: KproxyError): string =>
  `${message}; endpoints on this node do not count as local. Give its name with --node`;

const mostNames = 3;

/** Returns those of the names that may be meant by this one, in alphabetical order. */
export const similarNodes = (name: string, names: readonly string[]): readonly string[] =>
  names.filter(other => isSimilar(name, other)).sort();

function namesText(name: string, { names, count }: NodeNames): string {
  const similar = similarNodes(name, names);
  const shown = (similar.length > 0 ? similar : [...names].sort()).slice(0, mostNames).map(quotedIfHostile).join(', ');
  if (similar.length > 0) return `similar ${similar.length === 1 ? 'is' : 'are'} ${shown}`;
  return `it has ${countText(count, 'Node')}${count > mostNames ? ', such as' : ':'} ${shown}`;
}

/** Returns true for a host name with and without its domain, and for names that differ in few characters. */
function isSimilar(one: string, other: string): boolean {
  const host = (name: string) => name.split('.')[0];
  return host(one) === host(other) || isSimilarName(one, other);
}
