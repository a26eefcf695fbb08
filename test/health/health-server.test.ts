import { afterEach, describe, expect, test } from 'vitest';
import { serveHealth } from '../../src/health/health-server.js';
import type { Listening } from '../../src/health/listen.js';
import { syncHealth } from '../../src/health/sync-health.js';
import { ask } from './support/ask.js';
import { clock } from './support/clock.js';
import { goingNode, node } from './support/node.js';

let server: Listening | undefined;
afterEach(() => server?.close());

async function start() {
  const time = clock();
  const health = syncHealth({ syncPeriodMilliseconds: 30_000, ...time });
  const probes: string[] = [];
  const told: string[] = [];
  server = serveHealth(
    { host: '127.0.0.1', port: 0 },
    { health, onProbe: (probe, code) => probes.push(`${probe} ${code}`), onTrouble: line => told.push(line) },
  );
  await server.opened;
  const port = server.port();
  const probe = async (path: string) => {
    const { code, body } = await ask(port, path);
    return [code, JSON.parse(body)];
  };
  return { time, health, probes, told, port, probe };
}

const began = '2026-11-26T08:00:00.000Z';
const bothFamilies = (lastUpdated: string, healthy: boolean) => ({
  IPv4: { lastUpdated, healthy },
  IPv6: { lastUpdated, healthy },
});

describe('/healthz and /livez', () => {
  test('before the first sync: not healthy, but alive', async () => {
    const { probe } = await start();
    const lastUpdated = '0001-01-01T00:00:00Z';
    expect(await probe('/healthz')).toEqual([
      503,
      { lastUpdated, currentTime: began, nodeEligible: true, healthy: false },
    ]);
    expect(await probe('/livez')).toEqual([200, { lastUpdated: began, currentTime: began, healthy: true }]);
  });

  test('after a sync: both well, lastUpdated is now', async () => {
    const { health, time, probe } = await start();
    health.synced();
    time.pass(5_000);
    const currentTime = '2026-11-26T08:00:05.000Z';
    const status = bothFamilies(began, true);
    expect(await probe('/healthz')).toEqual([
      200,
      { lastUpdated: currentTime, currentTime, nodeEligible: true, healthy: true, status },
    ]);
    expect(await probe('/livez')).toEqual([200, { lastUpdated: currentTime, currentTime, healthy: true, status }]);
  });

  test('a change that waits too long: both ill, lastUpdated is the last sync, until the next', async () => {
    const { health, time, probe } = await start();
    health.synced();
    health.queued();
    time.pass(60_000);
    const currentTime = '2026-11-26T08:01:00.000Z';
    const status = bothFamilies(began, false);
    expect(await probe('/healthz')).toEqual([
      503,
      { lastUpdated: began, currentTime, nodeEligible: true, healthy: false, status },
    ]);
    expect(await probe('/livez')).toEqual([503, { lastUpdated: began, currentTime, healthy: false, status }]);
    health.synced();
    expect((await probe('/healthz'))[0]).toBe(200);
    expect((await probe('/livez'))[0]).toBe(200);
  });

  test('a node that goes: no more traffic, but alive and syncing', async () => {
    const { health, probe } = await start();
    health.synced();
    health.node(goingNode());
    const status = bothFamilies(began, true);
    expect(await probe('/healthz')).toEqual([
      503,
      { lastUpdated: began, currentTime: began, nodeEligible: false, healthy: true, status },
    ]);
    expect((await probe('/livez'))[0]).toBe(200);
    health.node(node());
    expect((await probe('/healthz'))[0]).toBe(200);
  });

  test('fields stand in the order that kube-proxy writes', async () => {
    const { health, port } = await start();
    health.synced();
    const { body } = await ask(port, '/healthz');
    expect(body).toBe(
      `{"lastUpdated":"${began}","currentTime":"${began}","nodeEligible":true,"healthy":true,"status":{"IPv4":{"lastUpdated":"${began}","healthy":true},"IPv6":{"lastUpdated":"${began}","healthy":true}}}`,
    );
  });

  test('headers', async () => {
    const { port } = await start();
    const { headers } = await ask(port, '/livez');
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-content-type-options': 'nosniff' });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('every probe is counted with its code, and nothing else is', async () => {
    const { health, port, probes, told } = await start();
    await ask(port, '/healthz');
    await ask(port, '/livez?verbose');
    health.synced();
    await ask(port, '/healthz', { method: 'HEAD' });
    await ask(port, '/healthz', { method: 'POST' });
    await ask(port, '/');
    expect(probes).toEqual(['healthz 503', 'livez 200', 'healthz 200']);
    expect(told).toEqual([]);
  });

  test.each(['/', '/healthz/', '/metrics', '/constructor', '//healthz'])('%s is not there', async path => {
    const { port } = await start();
    expect((await ask(port, path)).code).toBe(404);
  });
});
