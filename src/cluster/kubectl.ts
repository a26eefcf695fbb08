import { type Checked, checkObject, gatherChecked } from './check.js';
import type { Cluster } from './cluster.js';
import { type ClusterKind, clusterKinds } from './kinds.js';
import type { Kubectl, KubectlResult } from './kubectl-command.js';
import { garbageError, isForbidden, isNotFound, kubectlError, namespaceMissing } from './kubectl-error.js';
import { isMapping, objectsOf, textOf } from './objects.js';
import { parsedOrUndefined } from './parsed.js';
import { piecesOf, readPlainList } from './plain-list.js';

export interface ReadWithKubectlOptions {
  readonly kinds: readonly ClusterKind[];
  /** All namespaces where not given. Nodes are read whole in both cases. */
  readonly namespace?: string | undefined;
  /** Kinds that may be left out where the API server forbids them; `warn` gets a line about each. */
  readonly optional?: readonly ClusterKind[];
  readonly warn?: (line: string) => void;
}

/** Each kubectl takes 50 MB and as long to start as to answer: two at a time are as quick as four on two processors, and half as large. */
const atOnce = 2;

/**
 * Reads the kinds side by side with `kubectl get --raw`, which is many times quicker and smaller than `get -o json`.
 * Throws a KproxyError (exit code 3) unless every list was read whole.
 */
export async function readClusterWithKubectl(kubectl: Kubectl, options: ReadWithKubectlOptions): Promise<Cluster> {
  const limited = atMost(atOnce, kubectl);
  const lists = await allOrFirstError(options.kinds.map(kind => readKind(limited, kind, options)));
  const checked = lists.flat();
  if (checked.length === 0 && options.namespace !== undefined) await requireNamespace(kubectl, options.namespace);
  return gatherChecked(checked).cluster;
}

function atMost(number: number, kubectl: Kubectl): Kubectl {
  const ends: Promise<unknown>[] = Array(number).fill(Promise.resolve());
  let started = 0;
  return (...call) => {
    const place = started++ % number;
    const result = (ends[place] as Promise<unknown>).then(() => kubectl(...call));
    ends[place] = result.catch(() => undefined);
    return result;
  };
}

/** Of several errors the first one in order is told, so that a cluster that is away is always told in the same words. */
async function allOrFirstError<Value>(promises: readonly Promise<Value>[]): Promise<readonly Value[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map(result => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

async function readKind(
  kubectl: Kubectl,
  kind: ClusterKind,
  { namespace, optional = [], warn = () => {} }: ReadWithKubectlOptions,
): Promise<readonly Checked[]> {
  const path = listPath(kind, namespace);
  const first = await kubectl(['get', '--raw', path]);
  if (optional.includes(kind) && isForbidden(first)) {
    warn(`${clusterKinds[kind].resource} may not be read with these credentials; going on without them`);
    return [];
  }
  return readPages(kubectl, path, first);
}

/** No limit is asked for, but a server or a proxy before it may still answer in pages, and half a list is none. */
async function readPages(kubectl: Kubectl, path: string, first: KubectlResult): Promise<readonly Checked[]> {
  let page = parseList(path, ['get', '--raw', path], first);
  let checked = page.checked;
  while (page.next !== '') {
    const argv = ['get', '--raw', `${path}?continue=${encodeURIComponent(page.next)}`];
    page = parseList(path, argv, await kubectl(argv));
    checked = checked.concat(page.checked);
  }
  return checked;
}

/** The API server's path of the list of a kind's objects, in one namespace or in all. */
export function listPath(kind: ClusterKind, namespace: string | undefined): string {
  const { apiVersion, resource, namespaced } = clusterKinds[kind];
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const scope = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${resource}`;
}

interface Page {
  readonly checked: readonly Checked[];
  /** The token of the page that follows, empty on the last one. */
  readonly next: string;
}

function parseList(path: string, argv: readonly string[], result: KubectlResult): Page {
  if (result.exitCode !== 0) throw kubectlError(argv, result);
  const source = `kubectl get --raw ${path}`;
  const plain = readPlainList(source, piecesOf(result.stdout), raw => checkObject(raw));
  if (plain !== undefined) return { checked: plain.results, next: plain.next };
  const list = parsedOrUndefined(result.stdout);
  if (!isMapping(list) || !textOf(list.kind).endsWith('List')) throw garbageError(path, result.stdout);
  const { metadata, ...rest } = list;
  return {
    checked: objectsOf({ source, value: rest }).map(raw => checkObject(raw)),
    next: isMapping(metadata) ? textOf(metadata.continue) : '',
  };
}

/** The API server answers for a namespace that does not exist with an empty list. */
async function requireNamespace(kubectl: Kubectl, namespace: string): Promise<void> {
  const result = await kubectl(['get', '--raw', `/api/v1/namespaces/${encodeURIComponent(namespace)}`]);
  if (isNotFound(result)) throw namespaceMissing(namespace);
}
