import { tryParseJson } from './json.js';
import type { Kubectl } from './kubectl-command.js';
import { listPath } from './list-path.js';
import { isMapping, textOf } from './objects.js';
import { withQuery } from './selection.js';

/** Some of the names of a cluster's Nodes, in alphabetical order. */
export interface NodeNames {
  readonly names: readonly string[];
  /** The number of all Nodes. */
  readonly count: number;
}

/** Only an error message needs the names. Those of 5,000 Nodes would be 50 MB of objects. */
const most = 500;

/** Reads the names of the first Nodes, or returns undefined if that fails. Whatever fails is reported elsewhere. */
export async function readNodeNames(kubectl: Kubectl): Promise<NodeNames | undefined> {
  const { exitCode, stdout } = await kubectl(['get', '--raw', withQuery(listPath('Node', undefined), { limit: most })]);
  const list = exitCode === 0 ? tryParseJson(stdout) : undefined;
  if (!isMapping(list) || textOf(list.kind) !== 'NodeList') return undefined;
  const items = Array.isArray(list.items) ? list.items : [];
  const names = items.map(item => (isMapping(item) && isMapping(item.metadata) ? textOf(item.metadata.name) : ''));
  const remaining = isMapping(list.metadata) ? Number(list.metadata.remainingItemCount ?? 0) : 0;
  return { names, count: names.length + remaining };
}
