import { afterEach, describe, expect, test } from 'vitest';
import { startHealthServer } from '../../src/health/health-server.js';
import type { Listener } from '../../src/health/listen.js';
import { createSyncHealth } from '../../src/health/sync-health.js';
import { families } from '../../src/net/address.js';
import { createClock } from './support/clock.js';
import { node, nodeBeingRemoved } from './support/node.js';
import { sendRequest } from './support/request.js';

let server: Listener | undefined;
afterEach(() => server?.close());

async function start() {
  const time = createClock();
  const health = createSyncHealth({ syncPeriodMilliseconds: 30_000, ...time });
  const probes: string[] = [];
  const lines: string[] = [];
  server = startHealthServer(
    { host: '127.0.0.1', port: 0 },
    { health, onProbe: (probe, code) => probes.push(`${probe} ${code}`), onTrouble: line => lines.push(line) },
  );
  await server.ready;
  const port = server.port();
  const probe = async (path: string) => {
    const { code, body } = await sendRequest(port, path);
    return [code, JSON.parse(body)];
  };
  return { time, health, probes, lines, port, probe };
}

const began = '2026-11-26T08:00:00.000Z';
const bothFamilies = (lastUpdated: string, healthy: boolean) => ({
  IPv4: { lastUpdated, healthy },
  IPv6: { lastUpdated, healthy },
});

describe('/healthz and /livez', () => {
  test('before the first sync the proxy is alive and not healthy', async () => {
    const { probe } = await start();
    const lastUpdated = '0001-01-01T00:00:00Z';
    expect(await probe('/healthz')).toEqual([
      503,
      { lastUpdated, currentTime: began, nodeEligible: true, healthy: false },
    ]);
    expect(await probe('/livez')).toEqual([200, { lastUpdated: began, currentTime: began, healthy: true }]);
  });

  test('after a sync both answer 200, and lastUpdated is the present time', async () => {
    const { health, time, probe } = await start();
    health.recordSync(families);
    time.pass(5_000);
    const currentTime = '2026-11-26T08:00:05.000Z';
    const status = bothFamilies(began, true);
    expect(await probe('/healthz')).toEqual([
      200,
      { lastUpdated: currentTime, currentTime, nodeEligible: true, healthy: true, status },
    ]);
    expect(await probe('/livez')).toEqual([200, { lastUpdated: currentTime, currentTime, healthy: true, status }]);
  });

  test('if a change waits too long, both answer 503 with the time of the last sync, until the next sync', async () => {
    const { health, time, probe } = await start();
    health.recordSync(families);
    health.recordQueued();
    time.pass(60_000);
    const currentTime = '2026-11-26T08:01:00.000Z';
    const status = bothFamilies(began, false);
    expect(await probe('/healthz')).toEqual([
      503,
      { lastUpdated: began, currentTime, nodeEligible: true, healthy: false, status },
    ]);
    expect(await probe('/livez')).toEqual([503, { lastUpdated: began, currentTime, healthy: false, status }]);
    health.recordSync(families);
    expect((await probe('/healthz'))[0]).toBe(200);
    expect((await probe('/livez'))[0]).toBe(200);
  });

  test('a node that is being removed gets no traffic and stays alive', async () => {
    const { health, probe } = await start();
    health.recordSync(families);
    health.setNode(nodeBeingRemoved());
    const status = bothFamilies(began, true);
    expect(await probe('/healthz')).toEqual([
      503,
      { lastUpdated: began, currentTime: began, nodeEligible: false, healthy: true, status },
    ]);
    expect((await probe('/livez'))[0]).toBe(200);
    health.setNode(node());
    expect((await probe('/healthz'))[0]).toBe(200);
  });

  test('fields are in the order of kube-proxy', async () => {
    const { health, port } = await start();
    health.recordSync(families);
    const { body } = await sendRequest(port, '/healthz');
    expect(body).toBe(
      JSON.stringify({
        lastUpdated: began,
        currentTime: began,
        nodeEligible: true,
        healthy: true,
        status: { IPv4: { lastUpdated: began, healthy: true }, IPv6: { lastUpdated: began, healthy: true } },
      }),
    );
  });

  test('the headers are those of kube-proxy', async () => {
    const { port } = await start();
    const { headers } = await sendRequest(port, '/livez');
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-content-type-options': 'nosniff' });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('onProbe is called for each probe with its code, and for nothing else', async () => {
    const { health, port, probes, lines } = await start();
    await sendRequest(port, '/healthz');
    await sendRequest(port, '/livez?verbose');
    health.recordSync(families);
    await sendRequest(port, '/healthz', { method: 'HEAD' });
    await sendRequest(port, '/healthz', { method: 'POST' });
    await sendRequest(port, '/');
    expect(probes).toEqual(['healthz 503', 'livez 200', 'healthz 200']);
    expect(lines).toEqual([]);
  });

  test.each(['/', '/healthz/', '/metrics', '/constructor', '//healthz'])('%s answers 404', async path => {
    const { port } = await start();
    expect((await sendRequest(port, path)).code).toBe(404);
  });
});
