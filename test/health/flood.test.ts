import { once } from 'node:events';
import { Agent } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { plainText } from '../../src/health/answer.js';
import { createHttpServer, defaultLimits, type HttpLimits, type HttpServer } from '../../src/health/http-server.js';
import { connect, listenOnFreePort, sendRequest } from './support/request.js';

let server: HttpServer | undefined;
let attacker: Worker | undefined;
afterEach(async () => {
  await attacker?.terminate();
  attacker = undefined;
  server?.close();
  server?.closeAllConnections();
});

async function start(size = 2, limits?: HttpLimits) {
  const counts = { answers: 0 };
  const body = 'x'.repeat(size);
  server = createHttpServer(() => {
    counts.answers += 1;
    return plainText(body);
  }, limits);
  return { port: await listenOnFreePort(server), counts };
}

const oneRequest = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';

/** Starts a client that writes requests without an end over so many connections. */
async function attack(port: number, connections: number, isReading: boolean): Promise<void> {
  attacker = new Worker(new URL('support/attacker.mjs', import.meta.url), {
    workerData: { port, connections, isReading },
  });
  await once(attacker, 'message');
}

/** Collects what a socket receives until it is closed, even if that is a reset. */
function receive(socket: Socket) {
  let text = '';
  socket
    .on('error', () => {})
    .on('data', chunk => {
      text += chunk;
    });
  const end = new Promise<string>(resolve => socket.once('close', () => resolve(text)));
  return { text: () => text, end };
}

/** Returns the longest time that a probe of another client takes, in milliseconds. */
async function slowestProbe(port: number, times: number): Promise<number> {
  let slowest = 0;
  for (let time = 0; time < times; time += 1) {
    const start = performance.now();
    expect((await sendRequest(port, '/healthz', { from: '127.0.0.2' })).code).toBe(200);
    slowest = Math.max(slowest, performance.now() - start);
    await sleep(50);
  }
  return slowest;
}

describe('a client that sends requests without an end', () => {
  test.each([
    ['reads the answers', true],
    ['never reads', false],
  ])('and %s holds up no probe of another and takes no memory', async (_, isReading) => {
    const { port, counts } = await start(100_000);
    const before = process.memoryUsage().external;
    await attack(port, 64, isReading);
    expect(await slowestProbe(port, 5)).toBeLessThan(1_000);
    // One answer a connection, and the probes.
    expect(counts.answers).toBeLessThan(500);
    expect(process.memoryUsage().external - before).toBeLessThan(50_000_000);
  });

  test('one after another is cut off after the burst, and another client is not', async () => {
    const { port, counts } = await start(2, { ...defaultLimits, requests: { perSecond: 1, burst: 20 } });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const codes: (number | undefined)[] = [];
    const ask = async () => void codes.push((await sendRequest(port, '/', { agent })).code);
    await expect(
      (async () => {
        for (let time = 0; time < 30; time += 1) await ask();
      })(),
    ).rejects.toThrow();
    expect(codes).toHaveLength(20);
    await expect(sendRequest(port, '/')).rejects.toThrow();
    expect(counts.answers).toBe(20);
    expect((await sendRequest(port, '/', { from: '127.0.0.2' })).code).toBe(200);
    agent.destroy();
  });
});

test('a request in very many pieces is refused', async () => {
  const { port } = await start();
  const socket = await connect(port);
  const received = receive(socket);
  socket.setNoDelay(true);
  for (const character of `GET / HTTP/1.1\r\nHost: ${'x'.repeat(200)}`) {
    socket.write(character);
    await sleep(1);
  }
  expect(await received.end).toMatch(/^HTTP\/1\.1 431 /);
});

describe('a client that is in order', () => {
  test('gets all answers over one connection, one after another', async () => {
    const { port } = await start(50_000);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let connections = 0;
    server?.on('connection', () => (connections += 1));
    for (let time = 0; time < 50; time += 1) {
      const { code, body, headers } = await sendRequest(port, '/', { agent });
      expect([code, body.length, headers.connection]).toEqual([200, 50_000, 'keep-alive']);
    }
    expect(connections).toBe(1);
    agent.destroy();
  });

  test('may send its request in pieces', async () => {
    const { port } = await start();
    const socket = await connect(port);
    const received = receive(socket);
    for (const character of oneRequest) {
      socket.write(character);
      await sleep(1);
    }
    await vi.waitUntil(() => received.text() !== '');
    socket.write(oneRequest.replace('/1.1', '/1.0'));
    expect((await received.end).match(/HTTP\/1\.1 200 OK\r\n/g)).toHaveLength(2);
    socket.destroy();
  });

  test('that pipelines gets its first answer, and is told that there is no other', async () => {
    const { port } = await start();
    const socket = await connect(port);
    const received = receive(socket);
    socket.write(oneRequest.repeat(3));
    const text = await received.end;
    expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(text).toContain('\r\nConnection: close\r\n');
  });
});
