import { KproxyError } from '../errors.js';
import { limitConcurrency } from '../limit-concurrency.js';
import { type CheckedObject, checkObject, collectChecked } from './check.js';
import type { Cluster } from './cluster.js';
import { tryParseJson } from './json.js';
import { type ClusterKind, clusterKinds } from './kinds.js';
import type { Kubectl } from './kubectl-command.js';
import {
  incompleteList,
  isBadRequest,
  isExpired,
  isForbidden,
  isNotFound,
  kubectlError,
  namespaceMissing,
} from './kubectl-error.js';
import { createListBudget, type ListAccount, type ListBudget } from './list-budget.js';
import { listPath } from './list-path.js';
import { isMapping, objectsOf, textOf } from './objects.js';
import { type Page, readPages } from './pager.js';
import { type Selection, type Selections, selectionQuery, withoutField, withQuery } from './selection.js';

export interface ReadWithKubectlOptions {
  readonly kinds: readonly ClusterKind[];
  /** Which objects of the kinds. Undefined means all. */
  readonly selections?: Selections | undefined;
  /** All namespaces if undefined. Nodes have no namespace. */
  readonly namespace?: string | undefined;
  /** Kinds that are left out if the API server forbids them; `warn` gets a line about each. */
  readonly optional?: readonly ClusterKind[];
  readonly warn?: (line: string) => void;
  /**
   * Decides from the Services and EndpointSlices whether Endpoints objects are read too. Undefined reads them in any
   * case.
   */
  readonly needsEndpoints?: ((cluster: Pick<Cluster, 'services' | 'endpointSlices'>) => boolean) | undefined;
}

/** Each kubectl takes 50 MB. On two processors, two at a time are as fast as four, with half the memory. */
const concurrency = 2;

/**
 * Each page starts a kubectl. With 10,000 Services and their EndpointSlices, pages of 500 objects (kubectl's own
 * choice) take 2.5 s, pages of 2,500 and a list in one piece 0.7 s. The pages save 10 MiB.
 */
export const pageSize = 2_500;

/**
 * Reads the kinds side by side with `kubectl get --raw`, which is many times faster and smaller than `get -o json`.
 * @throws KproxyError `kubectl-missing`, `kubectl-failed`, `kubectl-hangs`, `list-incomplete` or `namespace-missing`
 *   unless every list was read completely
 */
export async function readClusterWithKubectl(kubectl: Kubectl, options: ReadWithKubectlOptions): Promise<Cluster> {
  const limited = limitConcurrency(concurrency, untilHang(kubectl));
  const budget = createListBudget((kind, detail) =>
    incompleteList(`kubectl get --raw ${listPath(kind, options.namespace)}`, `a list without an end: ${detail}`),
  );
  const lists = await allOrFirstError(startLists(limited, { ...options, budget }));
  const checked = lists.flatMap(list => list.checked);
  if (checked.length === 0 && options.namespace !== undefined) await requireNamespace(kubectl, options.namespace);
  const unread = lists.flatMap(({ kind, isForbidden: isUnread }) => (isUnread ? [kind] : []));
  return { ...collectChecked(checked).cluster, ...(unread.length === 0 ? {} : { unread }) };
}

interface KindList {
  readonly kind: ClusterKind;
  readonly checked: readonly CheckedObject[];
  readonly isForbidden?: boolean;
}

interface ReadListsOptions extends ReadWithKubectlOptions {
  readonly budget: ListBudget;
}

/** Starts the lists of the kinds. That of Endpoints objects waits for what decides about it. */
function startLists(kubectl: Kubectl, options: ReadListsOptions): readonly Promise<KindList>[] {
  const { kinds, needsEndpoints } = options;
  if (needsEndpoints === undefined) return kinds.map(kind => readKind(kubectl, kind, options));
  const others = kinds
    .filter(kind => kind !== 'Endpoints')
    .map(kind => ({ kind, list: readKind(kubectl, kind, options) }));
  const deciding = others.filter(({ kind }) => kind === 'Service' || kind === 'EndpointSlice').map(({ list }) => list);
  const endpoints = async (): Promise<KindList> => {
    const checked = (await Promise.all(deciding)).flatMap(list => list.checked);
    const isNeeded = needsEndpoints({
      services: checked.flatMap(one => (one.is === 'valid' && one.kind === 'Service' ? [one.object] : [])),
      endpointSlices: checked.flatMap(one => (one.is === 'valid' && one.kind === 'EndpointSlice' ? [one.object] : [])),
    });
    return isNeeded ? readKind(kubectl, 'Endpoints', options) : { kind: 'Endpoints', checked: [] };
  };
  return [...others.map(({ list }) => list), endpoints()];
}

/**
 * Returns a kubectl that is not started any more once it has hung. Otherwise each further list would take as long again
 * to say the same.
 */
function untilHang(kubectl: Kubectl): Kubectl {
  let hang: KproxyError | undefined;
  return async (...call) => {
    if (hang !== undefined) throw hang;
    try {
      return await kubectl(...call);
    } catch (error) {
      if (error instanceof KproxyError && error.code === 'kubectl-hangs') hang = error;
      throw error;
    }
  };
}

/** Throws the first of several errors in order, so that an unreachable cluster is always reported in the same words. */
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
  { selections = {}, namespace, optional = [], warn = () => {}, budget }: ReadListsOptions,
): Promise<KindList> {
  const account = budget.open(kind);
  try {
    const [path, selection = {}] = [listPath(kind, namespace), selections[kind]];
    return { kind, checked: await readSelected(kubectl, { path, selection, account }) };
  } catch (error) {
    if (!optional.includes(kind) || !isForbidden(error)) throw error;
    warn(`${clusterKinds[kind].resource} may not be read with these credentials; going on without them`);
    return { kind, checked: [], isForbidden: true };
  } finally {
    account.close();
  }
}

interface ListRequest {
  readonly path: string;
  readonly selection: Selection;
  readonly account: ListAccount;
}

/** Reads a list, without the field selector if the API server does not know its field. */
async function readSelected(kubectl: Kubectl, list: ListRequest): Promise<readonly CheckedObject[]> {
  const { selection } = list;
  try {
    return await readList(kubectl, list);
  } catch (error) {
    if (selection.isFieldNew !== true || !isBadRequest(error)) throw error;
    return readList(kubectl, { ...list, selection: withoutField(selection) });
  }
}

/**
 * Reads a list page by page. Each page is checked before the next is read, so only one page's text is in memory.
 *
 * Names no resourceVersion, so the list is consistent: it has what `kubectl apply` wrote just before. A list of version
 * 0 may lack that, and no watch would bring it later, as it does in `--watch`. From Kubernetes 1.31 on, API servers
 * answer consistent lists from their cache too, and ask etcd only for its latest revision (ConsistentListFromCache).
 */
async function readList(
  kubectl: Kubectl,
  { path, selection, account }: ListRequest,
): Promise<readonly CheckedObject[]> {
  const source = `kubectl get --raw ${path}`;
  const pages = await readPages({
    pageSize,
    isExpired,
    repetition: () => incompleteList(source, 'the same page again and again'),
    read: async page => {
      const argv = ['get', '--raw', withQuery(path, { ...page, ...selectionQuery(selection) })];
      const result = await kubectl(argv);
      if (result.exitCode !== 0) throw kubectlError(['get', '--raw', path], result);
      account.add({ characters: result.stdout.length });
      const content = checkPage(source, result.stdout);
      account.add({ objects: content.checked.length });
      return content;
    },
  });
  return pages.flatMap(({ checked }) => checked);
}

interface CheckedPage extends Page {
  readonly checked: readonly CheckedObject[];
}

function checkPage(source: string, text: string): CheckedPage {
  const list = tryParseJson(text);
  if (!isMapping(list) || !textOf(list.kind).endsWith('List'))
    throw incompleteList(source, `${text.length} characters that start with ${JSON.stringify(text.slice(0, 80))}`);
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
