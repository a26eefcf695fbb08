import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceHealth } from '../../src/health/service-health.js';
import { type ServiceHealthServer, serviceHealthServer } from '../../src/health/service-health-server.js';
import { ask, connect, freePort, holdPort, isRefused } from './support/ask.js';
import { retries } from './support/retries.js';

let server: ServiceHealthServer;
let options = retries();
let isProxyHealthy = true;

beforeEach(() => {
  options = retries();
  isProxyHealthy = true;
  server = serviceHealthServer({ ...options, addresses: ['127.0.0.1'], isProxyHealthy: () => isProxyHealthy });
});
afterEach(() => server.close());

const web = (localEndpoints: number, name = 'web'): ServiceHealth => ({ namespace: 'default', name, localEndpoints });

describe('the health check node port of a Service', () => {
  test('answers 200 with the body and headers of kube-proxy where the node has endpoints', async () => {
    const port = await freePort();
    await server.update(new Map([[port, web(3)]]));
    const { code, headers, body } = await ask(port, '/');
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
      expect([(await ask(port, path)).code, (await ask(port, path, { method: 'HEAD' })).code]).toEqual([200, 200]);
    expect((await ask(port, '/', { method: 'POST' })).code).toBe(405);
  });

  test('answers 503 while there are none, without another connection being lost', async () => {
    const port = await freePort();
    await server.update(new Map([[port, web(1)]]));
    const socket = await connect(port);
    for (const [count, code] of [
      [0, 503],
      [2, 200],
    ] as const) {
      await server.update(new Map([[port, web(count)]]));
      const reply = await ask(port, '/');
      expect([reply.code, reply.headers['x-load-balancing-endpoint-weight']]).toEqual([code, String(count)]);
    }
    expect(socket.closed).toBe(false);
    socket.destroy();
  });

  test('answers 503 while the node is not kept in line', async () => {
    const port = await freePort();
    await server.update(new Map([[port, web(2)]]));
    isProxyHealthy = false;
    const reply = await ask(port, '/');
    expect([reply.code, JSON.parse(reply.body)]).toEqual([
      503,
      { service: { namespace: 'default', name: 'web' }, localEndpoints: 2, serviceProxyHealthy: false },
    ]);
    isProxyHealthy = true;
    expect((await ask(port, '/')).code).toBe(200);
  });

  test('opens, closes and moves with the Service', async () => {
    const [one, other] = [await freePort(), await freePort()];
    await server.update(new Map([[one, web(1)]]));
    expect([(await ask(one, '/')).code, await isRefused(other)]).toEqual([200, true]);
    await server.update(new Map([[other, web(1)]]));
    expect([await isRefused(one), (await ask(other, '/')).code]).toEqual([true, 200]);
    await server.update(new Map());
    expect([await isRefused(one), await isRefused(other)]).toEqual([true, true]);
    expect(options.told).toEqual([]);
  });

  test('goes over to another Service', async () => {
    const port = await freePort();
    await server.update(new Map([[port, web(1)]]));
    await server.update(new Map([[port, web(1, 'shop')]]));
    expect(JSON.parse((await ask(port, '/')).body).service).toEqual({ namespace: 'default', name: 'shop' });
  });

  test.each([0, 1, 2, 3, 4, 5])(
    'that goes while it is being opened (%i steps) and comes back is no trouble',
    async steps => {
      const port = await freePort();
      const ports = new Map([[port, web(1)]]);
      const updates = [server.update(ports)];
      for (let step = 0; step < steps; step += 1) await null;
      updates.push(server.update(new Map()), server.update(ports));
      await Promise.all(updates);
      expect((await ask(port, '/')).code).toBe(200);
      expect(options.told).toEqual([]);
    },
  );

  test('that another program has is told once, and served when it is free', async () => {
    const held = await holdPort();
    const free = await freePort();
    const served = server.update(
      new Map([
        [held.port, web(1)],
        [free, web(1, 'shop')],
      ]),
    );
    await options.paused();
    options.goOn();
    await options.paused();
    expect(options.told).toEqual([
      expect.stringContaining(`the health check of default/web cannot be served on 127.0.0.1:${held.port}`),
    ]);
    await held.release();
    options.goOn();
    await served;
    expect([(await ask(held.port, '/')).code, (await ask(free, '/')).code]).toEqual([200, 200]);
    expect(options.told).toHaveLength(1);
  });

  test('is no longer asked for once the Service is gone', async () => {
    const held = await holdPort();
    const served = server.update(new Map([[held.port, web(1)]]));
    await options.paused();
    await server.update(new Map());
    await served;
    await held.release();
    expect(await isRefused(held.port)).toBe(true);
    expect(options.begun()).toBe(1);
  });

  test('listens on the addresses that it is given, and on all without', async () => {
    const port = await freePort();
    await server.update(new Map([[port, web(1)]]));
    await expect(ask(port, '/', { host: '127.0.0.2' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const everywhere = serviceHealthServer({ ...options, isProxyHealthy: () => true });
    const otherPort = await freePort();
    await everywhere.update(new Map([[otherPort, web(1)]]));
    for (const host of ['127.0.0.1', '127.0.0.2']) expect((await ask(otherPort, '/', { host })).code).toBe(200);
    await everywhere.close();
    expect(await isRefused(otherPort)).toBe(true);
  });
});
