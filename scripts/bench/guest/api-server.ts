import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** As much of an API server as kubectl, kproxy and kube-proxy need to read a cluster and to follow it. */
export interface ServedCluster {
  /** What a program is given to find it. */
  readonly arguments: readonly string[];
  readonly kubeconfig: string;
  /** Sends an object to everyone who watches its kind. */
  change(object: unknown): void;
  close(): void;
}

interface Kind {
  readonly kind: string;
  readonly apiVersion: string;
}

/** Lists by their paths. The last two are only there for kube-proxy and Endpoints that nobody writes. */
const kinds: Readonly<Record<string, Kind>> = {
  '/api/v1/services': { kind: 'Service', apiVersion: 'v1' },
  '/apis/discovery.k8s.io/v1/endpointslices': { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1' },
  '/api/v1/nodes': { kind: 'Node', apiVersion: 'v1' },
  '/api/v1/endpoints': { kind: 'Endpoints', apiVersion: 'v1' },
  '/apis/networking.k8s.io/v1/servicecidrs': { kind: 'ServiceCIDR', apiVersion: 'networking.k8s.io/v1' },
};

/** @param file path of the cluster's List */
export async function serveCluster(file: string): Promise<ServedCluster> {
  const { items } = JSON.parse(readFileSync(file, 'utf8')) as { readonly items: readonly ApiObject[] };
  const objects = new Map<string, readonly ApiObject[]>();
  for (const [path, { kind }] of Object.entries(kinds))
    objects.set(
      path,
      items.filter(item => item.kind === kind),
    );
  const watchers = new Map<string, Set<ServerResponse>>(Object.keys(kinds).map(path => [path, new Set()]));
  let version = 100_000;

  const server = createServer((request, response) => answer(request, response, objects, watchers, String(version)));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const kubeconfig = '/tmp/bench-kubeconfig';
  writeFileSync(kubeconfig, kubeconfigText((server.address() as AddressInfo).port));
  return {
    arguments: ['--kubeconfig', kubeconfig],
    kubeconfig,
    change: changed => {
      version += 1;
      const object = changed as ApiObject;
      const path = Object.keys(kinds).find(one => kinds[one]?.kind === object.kind) ?? '';
      const event = {
        type: 'MODIFIED',
        object: { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } },
      };
      for (const watcher of watchers.get(path) ?? []) watcher.write(`${JSON.stringify(event)}\n`);
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const kubeconfigText = (port: number): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'bench',
    contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
    clusters: [{ name: 'bench', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'bench', user: {} }],
  });

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  objects: ReadonlyMap<string, readonly ApiObject[]>,
  watchers: ReadonlyMap<string, Set<ServerResponse>>,
  version: string,
): void {
  const url = new URL(request.url ?? '/', 'http://bench');
  const found = selected(objects.get(url.pathname) ?? [], url.searchParams.get('fieldSelector') ?? '');
  const watching = watchers.get(url.pathname);
  response.setHeader('Content-Type', 'application/json');
  if (watching === undefined) {
    answerOne(request.method ?? '', url.pathname, objects, response);
    return;
  }
  if (url.searchParams.get('watch') === null) {
    response.end(JSON.stringify(pageOf(kinds[url.pathname], found, version, url.searchParams)));
    return;
  }
  response.flushHeaders();
  if (url.searchParams.get('sendInitialEvents') === 'true') sendAll(response, kinds[url.pathname], found, version);
  watching.add(response);
  response.on('close', () => watching.delete(response));
}

/** Of selectors only the one that kube-proxy finds its own Node by. */
function selected(all: readonly ApiObject[], selector: string): readonly ApiObject[] {
  const name = /^metadata\.name=(.+)$/.exec(selector)?.[1];
  return name === undefined ? all : all.filter(({ metadata }) => metadata.name === name);
}

function pageOf(kind: Kind | undefined, all: readonly ApiObject[], version: string, query: URLSearchParams) {
  const start = Number(query.get('continue') ?? 0);
  const end = start + Number(query.get('limit') ?? all.length);
  const next = end < all.length ? { continue: String(end) } : {};
  const items = all.slice(start, end);
  return {
    kind: `${kind?.kind}List`,
    apiVersion: kind?.apiVersion,
    metadata: { resourceVersion: version, ...next },
    items,
  };
}

/** What client-go asks for in the place of a list: everything as events, and then a bookmark that says that this was all. */
function sendAll(
  response: ServerResponse,
  kind: Kind | undefined,
  all: readonly ApiObject[],
  resourceVersion: string,
): void {
  const events: unknown[] = all.map(object => ({ type: 'ADDED', object }));
  const annotations = { 'k8s.io/initial-events-end': 'true' };
  events.push({ type: 'BOOKMARK', object: { ...kind, metadata: { resourceVersion, annotations } } });
  for (const event of events) response.write(`${JSON.stringify(event)}\n`);
}

/** A single object, or whatever else is asked or told: kube-proxy reports events, which nobody reads. */
function answerOne(
  method: string,
  path: string,
  objects: ReadonlyMap<string, readonly ApiObject[]>,
  response: ServerResponse,
): void {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const name = path.slice(folder.length + 1);
  const object = objects.get(folder)?.find(({ metadata }) => metadata.name === name);
  if (object !== undefined || method !== 'GET') response.end(JSON.stringify(object ?? {}));
  else response.writeHead(404).end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 404 }));
}
