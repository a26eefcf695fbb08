import { once } from 'node:events';
import type { Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { type Answering, httpServer, plainText } from '../../src/health/http-server.js';
import { ask, connect, listening } from './support/ask.js';

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

function start(answering: Answering = () => plainText('well')): Promise<number> {
  server = httpServer(answering);
  return listening(server);
}

describe('the HTTP server', () => {
  test('answers HEAD with the headers of GET and no body', async () => {
    const port = await start();
    const { code, headers, body } = await ask(port, '/', { method: 'HEAD' });
    expect([code, headers['content-length'], body]).toEqual([200, '4', '']);
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])('refuses %s', async method => {
    const asked: string[] = [];
    const port = await start(path => {
      asked.push(path);
      return plainText('well');
    });
    const { code, headers } = await ask(port, '/', { method });
    expect([code, headers.allow, headers.connection]).toEqual([405, 'GET, HEAD', 'close']);
    expect(asked).toEqual([]);
  });

  test('lives on after an answer that cannot be made, and keeps the reason to itself', async () => {
    const port = await start(path => {
      if (path === '/bad') throw new Error('secret');
      return path === '/worse' ? Promise.reject(new Error('secret')) : plainText('well');
    });
    for (const path of ['/bad', '/worse']) {
      const { code, body } = await ask(port, path);
      expect(code).toBe(500);
      expect(body).not.toContain('secret');
    }
    expect((await ask(port, '/')).code).toBe(200);
  });

  test('drops the connection where an answer cannot be sent, and lives on', async () => {
    const port = await start(path => ({ ...plainText('well'), headers: path === '/' ? {} : { 'X-Bad': 'a\nb' } }));
    await expect(ask(port, '/bad')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await ask(port, '/')).code).toBe(200);
  });

  test('refuses headers that no probe needs', async () => {
    const port = await start();
    expect((await ask(port, '/', { headers: { Cookie: 'x'.repeat(9_000) } })).code).toBe(431);
    expect((await ask(port, '/')).code).toBe(200);
  });

  test('lives on after bytes that are no HTTP', async () => {
    const port = await start();
    const socket = await connect(port);
    socket.end('\u0016\u0003\u0001 no HTTP\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
    expect((await ask(port, '/')).code).toBe(200);
  });

  test('lives on after a client that leaves before its answer', async () => {
    let reply = () => {};
    const asked = new Promise<void>(resolve => {
      start(async path => {
        if (path !== '/slow') return plainText('well');
        resolve();
        await new Promise<void>(go => {
          reply = go;
        });
        return plainText('late');
      });
    });
    await once(server as Server, 'listening');
    const port = portOf(server as Server);
    const socket = await connect(port);
    socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
    await asked;
    socket.destroy();
    reply();
    expect((await ask(port, '/')).code).toBe(200);
  });

  test('bounds how long and how many clients it keeps', async () => {
    await start();
    expect(server).toMatchObject({ headersTimeout: 10_000, requestTimeout: 15_000, keepAliveTimeout: 5_000 });
    expect(server).toMatchObject({ timeout: 10_000, maxConnections: 128 });
  });

  test('turns away whoever comes beyond that, until others leave', async () => {
    const port = await start();
    const held = await Promise.all(Array.from({ length: 128 }, () => connect(port)));
    const beyond = await connect(port);
    await once(beyond.resume(), 'close');
    const left = held.map(socket => once(socket, 'close'));
    for (const socket of held) socket.end();
    await Promise.all(left);
    expect((await ask(port, '/')).code).toBe(200);
  });
});

function portOf(of: Server): number {
  const address = of.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return address.port;
}
