import { once } from 'node:events';
import type { Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttpServer, type PathHandler, plainText } from '../../src/health/http-server.js';
import { connect, listenOnFreePort, sendRequest } from './support/request.js';

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

function start(answering: PathHandler = () => plainText('ok')): Promise<number> {
  server = createHttpServer(answering);
  return listenOnFreePort(server);
}

describe('the HTTP server', () => {
  test('answers HEAD with the headers of GET and no body', async () => {
    const port = await start();
    const { code, headers, body } = await sendRequest(port, '/', { method: 'HEAD' });
    expect([code, headers['content-length'], body]).toEqual([200, '2', '']);
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])('refuses %s', async method => {
    const paths: string[] = [];
    const port = await start(path => {
      paths.push(path);
      return plainText('ok');
    });
    const { code, headers } = await sendRequest(port, '/', { method });
    expect([code, headers.allow, headers.connection]).toEqual([405, 'GET, HEAD', 'close']);
    expect(paths).toEqual([]);
  });

  test('answers 500 if the handler fails, without the reason, and keeps running', async () => {
    const port = await start(path => {
      if (path === '/bad') throw new Error('secret');
      return path === '/worse' ? Promise.reject(new Error('secret')) : plainText('ok');
    });
    for (const path of ['/bad', '/worse']) {
      const { code, body } = await sendRequest(port, path);
      expect(code).toBe(500);
      expect(body).not.toContain('secret');
    }
    expect((await sendRequest(port, '/')).code).toBe(200);
  });

  test('drops the connection if an answer cannot be sent, and keeps running', async () => {
    const port = await start(path => ({ ...plainText('ok'), headers: path === '/' ? {} : { 'X-Bad': 'a\nb' } }));
    await expect(sendRequest(port, '/bad')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await sendRequest(port, '/')).code).toBe(200);
  });

  test('refuses large headers', async () => {
    const port = await start();
    expect((await sendRequest(port, '/', { headers: { Cookie: 'x'.repeat(9_000) } })).code).toBe(431);
    expect((await sendRequest(port, '/')).code).toBe(200);
  });

  test('answers 400 to bytes that are not HTTP, and keeps running', async () => {
    const port = await start();
    const socket = await connect(port);
    socket.end('\u0016\u0003\u0001 no HTTP\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
    expect((await sendRequest(port, '/')).code).toBe(200);
  });

  test('keeps running if a client leaves before its answer', async () => {
    let reply = () => {};
    const request = new Promise<void>(resolve => {
      start(async path => {
        if (path !== '/slow') return plainText('ok');
        resolve();
        await new Promise<void>(answer => {
          reply = answer;
        });
        return plainText('late');
      });
    });
    await once(server as Server, 'listening');
    const port = portOf(server as Server);
    const socket = await connect(port);
    socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
    await request;
    socket.destroy();
    reply();
    expect((await sendRequest(port, '/')).code).toBe(200);
  });

  test('limits the time and the number of clients', async () => {
    await start();
    expect(server).toMatchObject({ headersTimeout: 10_000, requestTimeout: 15_000, keepAliveTimeout: 5_000 });
    expect(server).toMatchObject({ timeout: 10_000, maxConnections: 128 });
  });

  test('refuses connections beyond the limit until others close', async () => {
    const port = await start();
    const open = await Promise.all(Array.from({ length: 128 }, () => connect(port)));
    const beyond = await connect(port);
    await once(beyond.resume(), 'close');
    const closing = open.map(socket => once(socket, 'close'));
    for (const socket of open) socket.end();
    await Promise.all(closing);
    expect((await sendRequest(port, '/')).code).toBe(200);
  });
});

function portOf(listener: Server): number {
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return address.port;
}
