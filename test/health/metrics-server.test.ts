import { afterEach, expect, test } from 'vitest';
import type { Listener } from '../../src/health/listen.js';
import { createMetrics, type PrometheusMetrics } from '../../src/health/metrics.js';
import { startMetricsServer } from '../../src/health/metrics-server.js';
import { sendRequest } from './support/request.js';

let server: Listener | undefined;
afterEach(() => server?.close());

let now = 0;

async function start(metrics: Pick<PrometheusMetrics, 'contentType' | 'text'>) {
  server = startMetricsServer({ host: '127.0.0.1', port: 0 }, { metrics, onTrouble: () => {}, now: () => now });
  await server.ready;
  return server.port();
}

test('/metrics returns the present metrics', async () => {
  const metrics = await createMetrics({ now: () => new Date(), served: ['IPv4'], version: '1.2.3' });
  const port = await start(metrics);
  const series = 'kubeproxy_proxy_livez_total{code="200"} 1\n';
  expect((await sendRequest(port, '/metrics')).body).not.toContain(series);
  metrics.recordProbe('livez', 200);
  now += 1_000;
  const { code, headers, body } = await sendRequest(port, '/metrics');
  expect(code).toBe(200);
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8; escaping=underscores');
  expect(body).toContain(series);
});

test('/metrics is written once for all clients of a second', async () => {
  let count = 0;
  const port = await start({ contentType: 'text/plain', text: async () => `${++count}` });
  const bodies = async () =>
    (await Promise.all([1, 2, 3].map(() => sendRequest(port, '/metrics')))).map(({ body }) => body);
  expect(await bodies()).toEqual(['1', '1', '1']);
  now += 999;
  expect(await bodies()).toEqual(['1', '1', '1']);
  now += 1;
  expect(await bodies()).toEqual(['2', '2', '2']);
});

test.each([
  ['/healthz', 200, 'ok'],
  ['/proxyMode', 200, 'ipvs'],
  ['/livez', 404, '404 page not found\n'],
  ['/toString', 404, '404 page not found\n'],
])('%s answers %i', async (path, code, body) => {
  const port = await start({ contentType: 'text/plain', text: async () => '' });
  expect(await sendRequest(port, path)).toMatchObject({
    code,
    body,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  });
});

test('a metric that cannot be read causes an error in one answer only', async () => {
  let isBroken = true;
  const text = () => (isBroken ? Promise.reject(new Error('no')) : Promise.resolve('yes'));
  const port = await start({ contentType: 'text/plain', text });
  expect((await sendRequest(port, '/metrics')).code).toBe(500);
  expect((await sendRequest(port, '/healthz')).code).toBe(200);
  isBroken = false;
  expect((await sendRequest(port, '/metrics')).code).toBe(200);
});
