import { writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer, request } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ApiServer } from '../../../src/cluster/watch/api-server.js';
import { type FeedEvent, followCluster } from '../../../src/cluster/watch/feed.js';
import { createHistory } from '../../../src/tutorial/kubectl/proxy/history.js';
import { createListener } from '../../../src/tutorial/kubectl/proxy/serve.js';
import { createServer as createCluster } from '../../../src/tutorial/kubectl/server.js';
import { openStore } from '../../../src/tutorial/kubectl/store/store.js';
import { lessonObjects, useLessonCluster, webService } from './support/lesson-cluster.js';

const cluster = useLessonCluster();

const server = () =>
  createCluster({ store: openStore(cluster().folder), podsFolder: cluster().pods, now: () => new Date() });

describe('what kproxy --watch reads and watches through the proxy', () => {
  let http: HttpServer;
  const socketPath = () => join(cluster().folder, '..', 'api.sock');
  const api: ApiServer = {
    get: (path, signal) =>
      new Promise((resolve, reject) => {
        request({ socketPath: socketPath(), path, signal, agent: false }, answer =>
          resolve({ status: answer.statusCode ?? 0, retryAfterSeconds: undefined, body: answer }),
        )
          .on('error', reject)
          .end();
      }),
    close: async () => {},
  };
  beforeEach(async () => {
    for (const object of lessonObjects) cluster().write(object);
    http = createServer(createListener(server()));
    await new Promise<void>(resolve => http.listen(socketPath(), resolve));
  });
  afterEach(() => {
    http.closeAllConnections();
    http.close();
  });

  /** Each object by its name and one more word. */
  const text = (event: FeedEvent): string =>
    event.is === 'listed' ? `listed ${event.objects.map(nameOf)}` : `${event.is} ${nameOf(event.object)}`;
  const nameOf = ({ value }: { readonly value: unknown }) => {
    const { metadata, status } = value as (typeof lessonObjects)[number] & {
      status: { conditions?: { status: string }[] };
    };
    return `${metadata.name} ${status.conditions?.map(({ status }) => status) ?? ''}`.trim();
  };

  test('the list, and then every change: of labels, of readiness, and that an object is gone', async () => {
    const events: string[] = [];
    const troubles: string[] = [];
    const feed = followCluster(api, {
      kinds: ['Pod'],
      namespace: undefined,
      optional: [],
      onEvent: event => void events.push(text(event)),
      onTrouble: line => void troubles.push(line),
    });
    const next = async (event: string) => {
      await expect.poll(() => events.at(-1), { timeout: 5_000 }).toBe(event);
    };
    await next('listed client-inajob True,web-inajob True,web-yuanying True');
    await cluster().answer('label pod web-inajob app=wbe --overwrite');
    await next('changed web-inajob True');
    writeFileSync(join(cluster().pods, 'web-yuanying.pid'), '0');
    await next('changed web-yuanying False');
    await cluster().answer('delete pod client-inajob');
    await next('removed client-inajob True');
    expect([events.length, troubles]).toEqual([4, []]);
    await feed.close();
  });

  const statusOf = async (path: string) => (await api.get(path, AbortSignal.timeout(5_000))).status;
  test.each([
    ['/api/v1/services', 200],
    ['/api/v1/nonsense', 404],
    ['/api/v1/pods?labelSelector=%3D', 400],
    ['/api/v1/nonsense?watch=1', 404],
    ['/api/v1/pods?watch=1&resourceVersion=1', 410],
  ])('%s is answered with %d', async (path, status) => {
    expect(await statusOf(path)).toBe(status);
  });

  test('a watch ends after the time that its client wants', async () => {
    const answer = await api.get('/api/v1/pods?watch=1&timeoutSeconds=1', AbortSignal.timeout(5_000));
    const chunks: unknown[] = [];
    for await (const chunk of answer.body) chunks.push(chunk);
    expect(chunks).toEqual([]);
  });
});

describe('the history of a cluster', () => {
  const events = (history: ReturnType<typeof createHistory>, version: string) =>
    history.after(version)?.map(({ type, object }) => `${type} ${object.kind} ${object.metadata.name}`);

  test('has what has changed after a version, and nothing for a version of another history', async () => {
    for (const object of lessonObjects) cluster().write(object);
    const history = createHistory(server(), 100);
    await cluster().answer('apply -f -', webService);
    history.refresh();
    await cluster().answer('label pod web-inajob color=red');
    await cluster().answer('delete svc web-service');
    history.refresh();
    history.refresh();
    expect(history.version()).toBe('103');
    expect(events(history, '100')).toEqual([
      'ADDED Service web-service',
      'DELETED Service web-service',
      'MODIFIED Pod web-inajob',
    ]);
    expect(events(history, '102')).toEqual(['MODIFIED Pod web-inajob']);
    expect(['103', '99', '104', 'x', ''].map(version => events(history, version))).toEqual([
      [],
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
