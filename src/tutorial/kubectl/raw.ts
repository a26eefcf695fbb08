import { KubectlFailure, ServerError } from './failure.js';
import { defaultNamespace, type Kind, kinds } from './objects/kinds.js';
import type { KubeObject } from './objects/object.js';
import { parseFieldSelector } from './select/fields.js';
import { parseLabelSelector, SelectorError } from './select/labels.js';
import type { Server } from './server.js';

/**
 * Returns what the API server answers to a GET of this path, for `kubectl get --raw`: a list of objects or one object.
 * @throws ServerError or KubectlFailure
 */
export function rawAnswer(server: Server, path: string): string {
  if (!path.startsWith('/'))
    throw new KubectlFailure(`error: --raw must be a valid URL path: parse "${path}": invalid URI for request`);
  const url = new URL(path, 'http://localhost');
  const found = findResource(url.pathname);
  if (found === undefined) throw new ServerError('NotFound', 'the server could not find the requested resource');
  const answer = found.name === undefined ? list(server, found, url.searchParams) : object(server, found, found.name);
  return JSON.stringify(answer);
}

interface Resource {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string | undefined;
}

const resourcePath = /^(\/api\/v1|\/apis\/[^/]+\/[^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?\/?$/;

/** Returns what a path is about, or undefined if there is nothing. */
export function findResource(path: string): Resource | undefined {
  const [, root, namespace, plural, name] = resourcePath.exec(path) ?? [];
  const kind = kinds.find(other => rootOf(other) === root && other.plural === plural);
  if (kind === undefined || (namespace !== undefined && !kind.isNamespaced)) return undefined;
  // An object of a namespaced kind has the namespace in its path.
  if (name !== undefined && kind.isNamespaced && namespace === undefined) return undefined;
  return { kind, namespace: namespace ?? defaultNamespace, name };
}

const rootOf = ({ apiVersion }: Kind): string => (apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`);

function object(server: Server, { kind, namespace }: Resource, name: string): object {
  return inServerOrder(server.get(kind, namespace, decodeURIComponent(name)));
}

/** The objects of a list do not say their kind. */
function list(server: Server, { kind, namespace }: Resource, query: URLSearchParams): object {
  if (query.has('watch') && query.get('watch') !== '0' && query.get('watch') !== 'false')
    throw new KubectlFailure("error: this kubectl is the lesson's stand-in, and cannot watch");
  const isSelected = selection(kind, query);
  const objects = server.list(kind, namespace).filter(isSelected);
  const start = Number(query.get('continue') ?? 0);
  const end = start + (Number(query.get('limit')) || objects.length);
  const left = objects.length - end;
  const more = left > 0 ? { continue: String(end), remainingItemCount: left } : {};
  return {
    kind: `${kind.name}List`,
    apiVersion: kind.apiVersion,
    metadata: { resourceVersion: server.resourceVersion(), ...more },
    items: objects.slice(start, end).map(({ kind: _, apiVersion: __, ...item }) => item),
  };
}

/** @throws ServerError if a selector cannot be read */
export function selection(kind: Kind, query: URLSearchParams): (object: KubeObject) => boolean {
  try {
    const hasLabels = parseLabelSelector(query.get('labelSelector') ?? '');
    const hasFields = parseFieldSelector(query.get('fieldSelector') ?? '', kind);
    return item => hasLabels(item.metadata.labels ?? {}) && hasFields(item);
  } catch (error) {
    if (error instanceof SelectorError) throw new ServerError('BadRequest', error.message);
    throw error;
  }
}

const inServerOrder = ({ kind, apiVersion, ...rest }: KubeObject): object => ({ kind, apiVersion, ...rest });
