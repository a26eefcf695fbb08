import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { plainText } from '../../src/health/answer.js';
import {
  createHttpServer,
  defaultLimits,
  type HttpLimits,
  type HttpServer,
  type PathHandler,
} from '../../src/health/http-server.js';
import { connect, listenOnFreePort, sendRequest } from './support/request.js';

let server: HttpServer | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

function start(answering: PathHandler = () => plainText('ok'), limits?: HttpLimits): Promise<number> {
  server = createHttpServer(answering, limits);
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
    await once(server as HttpServer, 'listening');
    const { port } = (server as HttpServer).address() as AddressInfo;
    const socket = await connect(port);
    socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
    await request;
    socket.destroy();
    reply();
    expect((await sendRequest(port, '/')).code).toBe(200);
  });

  test('limits the time of clients to seconds', () => {
    expect(defaultLimits).toMatchObject({ asking: 5_000, reading: 20_000 });
  });

  test('answers a probe while one client holds as many idle connections as it can', async () => {
    const port = await start();
    const open = await Promise.all(Array.from({ length: 200 }, () => connect(port)));
    expect((await sendRequest(port, '/')).code).toBe(200);
    await vi.waitFor(() => expect(open.filter(socket => socket.resume().readableEnded)).toHaveLength(137));
    for (const socket of open) socket.destroy();
  });

  const short = { ...defaultLimits, asking: 100 };

  test.each([
    ['says nothing', ''],
    ['never ends its headers', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: '],
    ['never sends its body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx'],
  ])('closes the connection of a client that %s', async (_, bytes) => {
    const port = await start(undefined, short);
    const socket = await connect(port);
    socket.write(bytes);
    await once(socket.resume(), 'end');
    expect((await sendRequest(port, '/')).code).toBe(200);
  });

  test('closes the connection of a client that does not read its answer', async () => {
    const port = await start(() => plainText('x'.repeat(20_000_000)), { ...defaultLimits, reading: 200 });
    const [[connection], socket] = (await Promise.all([once(server as HttpServer, 'connection'), connect(port)])) as [
      [Socket],
      Socket,
    ];
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(connection, 'close');
    socket.destroy();
  });

  test('answers a GET with a body, which is not read, and closes the connection', async () => {
    const port = await start();
    const { code, headers } = await sendRequest(port, '/', { headers: { 'Content-Length': '0' } });
    expect([code, headers.connection]).toEqual([200, 'close']);
    const socket = await connect(port);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n(.+\r\n)*Connection: close\r\n/);
  });
});
