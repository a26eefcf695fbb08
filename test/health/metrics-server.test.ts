import { afterEach, expect, test } from 'vitest';
import type { Listening } from '../../src/health/listen.js';
import { openMetrics, type ServedMetrics } from '../../src/health/metrics.js';
import { serveMetrics } from '../../src/health/metrics-server.js';
import { ask } from './support/ask.js';

let server: Listening | undefined;
afterEach(() => server?.close());

async function start(metrics: Pick<ServedMetrics, 'contentType' | 'text'>) {
  server = serveMetrics({ host: '127.0.0.1', port: 0 }, { metrics, onTrouble: () => {} });
  await server.opened;
  return server.port();
}

test('/metrics is what the metrics say now', async () => {
  const metrics = await openMetrics({ now: () => new Date() });
  const port = await start(metrics);
  const series = 'kubeproxy_proxy_livez_total{code="200"} 1\n';
  expect((await ask(port, '/metrics')).body).not.toContain(series);
  metrics.probed('livez', 200);
  const { code, headers, body } = await ask(port, '/metrics');
  expect(code).toBe(200);
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(body).toContain(series);
});

test.each([
  ['/healthz', 200, 'ok'],
  ['/proxyMode', 200, 'ipvs'],
  ['/livez', 404, '404 page not found\n'],
  ['/toString', 404, '404 page not found\n'],
])('%s', async (path, code, body) => {
  const port = await start({ contentType: 'text/plain', text: async () => '' });
  expect(await ask(port, path)).toMatchObject({
    code,
    body,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  });
});

test('a metric that cannot be read is an error of one answer', async () => {
  const port = await start({ contentType: 'text/plain', text: () => Promise.reject(new Error('no')) });
  expect((await ask(port, '/metrics')).code).toBe(500);
  expect((await ask(port, '/healthz')).code).toBe(200);
});
