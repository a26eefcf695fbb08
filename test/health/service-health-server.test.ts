import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceHealth } from '../../src/health/service-health.js';
import { openServiceHealthServer, type ServiceHealthServer } from '../../src/health/service-health-server.js';
import { connect, freePort, holdPort, isRefused, sendRequest } from './support/request.js';
import { createRetries } from './support/retries.js';

let server: ServiceHealthServer;
let options = createRetries();
let isProxyHealthy = true;

beforeEach(() => {
  options = createRetries();
  isProxyHealthy = true;
  server = openServiceHealthServer({ ...options, addresses: ['127.0.0.1'], isProxyHealthy: () => isProxyHealthy });
});
afterEach(() => server.close());

const web = (localEndpoints: number, name = 'web'): ServiceHealth => ({ namespace: 'default', name, localEndpoints });

describe('the health check node port of a Service', () => {
  test('answers 200 with the body and headers of kube-proxy if the node has endpoints', async () => {
    const port = await freePort();
    await server.update(new Map([[port, web(3)]]));
    const { code, headers, body } = await sendRequest(port, '/');
    expect(code).toBe(200);
    expect(body).toBe(
      [
        '{',
        '\t"service": {',
        '\t\t"namespace": "default",',
        '\t\t"name": "web"',
        '\t},',
        '\t"localEndpoints": 3,',
        '\t"serviceProxyHealthy": true',
        '}',
      ].join('\n'),
    );
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-content-type-options': 'nosniff',
      'x-load-balancing-endpoint-weight': '3',
    });
  });

  test('answers on any path', async () => {
    const port = await freePort();
    await server.update(new Map([[port, web(1)]]));
    for (const path of ['/healthz', '/a/b?c'])
      expect([(await sendRequest(port, path)).code, (await sendRequest(port, path, { method: 'HEAD' })).code]).toEqual([
        200, 200,
      ]);
    expect((await sendRequest(port, '/', { method: 'POST' })).code).toBe(405);
  });

  test('answers 503 without endpoints, and keeps other connections open', async () => {
    const port = await freePort();
    await server.update(new Map([[port, web(1)]]));
    const socket = await connect(port);
    for (const [count, code] of [
      [0, 503],
      [2, 200],
    ] as const) {
      await server.update(new Map([[port, web(count)]]));
      const reply = await sendRequest(port, '/');
      expect([reply.code, reply.headers['x-load-balancing-endpoint-weight']]).toEqual([code, String(count)]);
    }
    expect(socket.closed).toBe(false);
    socket.destroy();
  });

  test('answers 503 while the node is not in sync', async () => {
    const port = await freePort();
    await server.update(new Map([[port, web(2)]]));
    isProxyHealthy = false;
    const reply = await sendRequest(port, '/');
    expect([reply.code, JSON.parse(reply.body)]).toEqual([
      503,
      { service: { namespace: 'default', name: 'web' }, localEndpoints: 2, serviceProxyHealthy: false },
    ]);
    isProxyHealthy = true;
    expect((await sendRequest(port, '/')).code).toBe(200);
  });

  test('is opened, moved and closed with the Service', async () => {
    const [one, other] = [await freePort(), await freePort()];
    await server.update(new Map([[one, web(1)]]));
    expect([(await sendRequest(one, '/')).code, await isRefused(other)]).toEqual([200, true]);
    await server.update(new Map([[other, web(1)]]));
    expect([await isRefused(one), (await sendRequest(other, '/')).code]).toEqual([true, 200]);
    await server.update(new Map());
    expect([await isRefused(one), await isRefused(other)]).toEqual([true, true]);
    expect(options.lines).toEqual([]);
  });

  test('can change to another Service', async () => {
    const port = await freePort();
    await server.update(new Map([[port, web(1)]]));
    await server.update(new Map([[port, web(1, 'shop')]]));
    expect(JSON.parse((await sendRequest(port, '/')).body).service).toEqual({ namespace: 'default', name: 'shop' });
  });

  test.each([0, 1, 2, 3, 4, 5])('can be removed while it is being opened (%i steps) and added again', async steps => {
    const port = await freePort();
    const ports = new Map([[port, web(1)]]);
    const updates = [server.update(ports)];
    for (let step = 0; step < steps; step += 1) await null;
    updates.push(server.update(new Map()), server.update(ports));
    await Promise.all(updates);
    expect((await sendRequest(port, '/')).code).toBe(200);
    expect(options.lines).toEqual([]);
  });

  test('is reported once if another program has it, and is served once it is free', async () => {
    const occupied = await holdPort();
    const free = await freePort();
    const update = server.update(
      new Map([
        [occupied.port, web(1)],
        [free, web(1, 'shop')],
      ]),
    );
    await options.untilPause();
    options.endPauses();
    await options.untilPause();
    expect(options.lines).toEqual([
      expect.stringContaining(`the health check of default/web cannot be served on 127.0.0.1:${occupied.port}`),
    ]);
    await occupied.release();
    options.endPauses();
    await update;
    expect([(await sendRequest(occupied.port, '/')).code, (await sendRequest(free, '/')).code]).toEqual([200, 200]);
    expect(options.lines).toHaveLength(1);
  });

  test('is no longer tried once the Service is deleted', async () => {
    const occupied = await holdPort();
    const update = server.update(new Map([[occupied.port, web(1)]]));
    await options.untilPause();
    await server.update(new Map());
    await update;
    await occupied.release();
    expect(await isRefused(occupied.port)).toBe(true);
    expect(options.pauseCount()).toBe(1);
  });

  test('listens on the given addresses, and on all addresses without any', async () => {
    const port = await freePort();
    await server.update(new Map([[port, web(1)]]));
    await expect(sendRequest(port, '/', { host: '127.0.0.2' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const everywhere = openServiceHealthServer({ ...options, isProxyHealthy: () => true });
    const otherPort = await freePort();
    await everywhere.update(new Map([[otherPort, web(1)]]));
    for (const host of ['127.0.0.1', '127.0.0.2']) expect((await sendRequest(otherPort, '/', { host })).code).toBe(200);
    await everywhere.close();
    expect(await isRefused(otherPort)).toBe(true);
  });
});
