import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { plainText } from '../../src/health/answer.js';
import { createHttpServer } from '../../src/health/http-server.js';
import { type Listener, type ListenOptions, startListening } from '../../src/health/listen.js';
import { connect, freePort, holdPort, isRefused, sendRequest } from './support/request.js';
import { createRetries, type Retries } from './support/retries.js';

let listener: Listener | undefined;
afterEach(() => listener?.close());

function start(port: number, options: Retries & ListenOptions = createRetries(), host = '127.0.0.1') {
  listener = startListening(
    createHttpServer(() => plainText('ok')),
    { host, port, what: '/healthz' },
    options,
  );
  return { server: listener, options };
}

describe('listening', () => {
  test('serves on a free port and reports nothing', async () => {
    const { server, options } = start(0);
    expect(await server.ready).toBe(true);
    expect((await sendRequest(server.port(), '/')).body).toBe('ok');
    expect(options.lines).toEqual([]);
  });

  test('reports a port in use once, and serves once the port is free', async () => {
    const occupied = await holdPort();
    const { server, options } = start(occupied.port);
    for (let tries = 1; tries <= 4; tries += 1) {
      await options.untilPause();
      expect(options.pauseCount()).toBe(tries);
      expect(options.lines).toHaveLength(1);
      if (tries < 4) options.endPauses();
    }
    expect(options.lines[0]).toBe(
      `/healthz cannot be served on 127.0.0.1:${occupied.port}: another program has the port (ss -ltnp sport = ` +
        `:${occupied.port} names it); trying again every 5 s`,
    );
    await occupied.release();
    options.endPauses();
    expect(await server.ready).toBe(true);
    expect((await sendRequest(occupied.port, '/')).body).toBe('ok');
    expect(options.lines).toHaveLength(1);
  });

  test('reports an address that the node does not have', async () => {
    const { options } = start(await freePort(), createRetries(), '192.0.2.1');
    await options.untilPause();
    expect(options.lines).toEqual([expect.stringContaining('this node does not have the address')]);
  });

  test('gives up at once if the address must be usable, and names it', async () => {
    const occupied = await holdPort();
    const { server, options } = start(occupied.port, { ...createRetries(), isHardFail: true });
    await expect(server.ready).rejects.toMatchObject({
      code: 'address-unusable',
      message:
        `/healthz cannot be served on 127.0.0.1:${occupied.port}: another program has the port (ss -ltnp sport = ` +
        `:${occupied.port} names it)`,
    });
    expect([options.lines, options.pauseCount()]).toEqual([[], 0]);
    await server.close();
    await occupied.release();
  });

  test('can be closed while the port is in use', async () => {
    const occupied = await holdPort();
    const { server, options } = start(occupied.port);
    await options.untilPause();
    await server.close();
    expect(await server.ready).toBe(false);
    expect(options.pauseCount()).toBe(1);
    await occupied.release();
    expect(await isRefused(occupied.port)).toBe(true);
  });

  test('can be closed before the first attempt, and twice', async () => {
    const port = await freePort();
    const { server } = start(port);
    await server.close();
    await server.close();
    expect(await isRefused(port)).toBe(true);
  });

  test('waits for `after` before the first attempt', async () => {
    const order: string[] = [];
    let end = () => {};
    const after = new Promise<void>(resolve => {
      end = resolve;
    }).then(() => order.push('after'));
    listener = startListening(
      createHttpServer(() => plainText('ok')),
      { host: '127.0.0.1', port: 0, what: '/', after },
      createRetries(),
    );
    const listening = listener.ready.then(() => order.push('listening'));
    end();
    await listening;
    expect(order).toEqual(['after', 'listening']);
  });

  test('closes open connections at once, idle or in the middle of a request', async () => {
    const { server } = start(0);
    await server.ready;
    const port = server.port() as number;
    const sockets = await Promise.all([connect(port), connect(port)]);
    sockets[0].write('GET / HTTP/1.1\r\nHost: ');
    await sendRequest(port, '/');
    const ends = sockets.map(socket => once(socket.on('error', () => {}).resume(), 'close'));
    await server.close();
    await Promise.all(ends);
    expect(server.port()).toBeUndefined();
    expect(await isRefused(port)).toBe(true);
  });

  test('serves both families without a host', async () => {
    listener = startListening(
      createHttpServer(() => plainText('ok')),
      { port: 0, what: '/' },
      createRetries(),
    );
    await listener.ready;
    for (const host of ['127.0.0.1', ...loopback6])
      expect((await sendRequest(listener.port(), '/', { host })).body).toBe('ok');
  });
});

/** `::1` if this machine has IPv6. */
const loopback6 = (networkInterfaces().lo ?? []).map(({ address }) => address).filter(address => address === '::1');
