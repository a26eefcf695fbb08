import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { httpServer, plainText } from '../../src/health/http-server.js';
import { type Listening, listen } from '../../src/health/listen.js';
import { ask, connect, freePort, holdPort, isRefused } from './support/ask.js';
import { retries } from './support/retries.js';

let opened: Listening | undefined;
afterEach(() => opened?.close());

function start(port: number, options = retries(), host = '127.0.0.1') {
  opened = listen(
    httpServer(() => plainText('well')),
    { host, port, what: '/healthz' },
    options,
  );
  return { server: opened, options };
}

describe('listening', () => {
  test('says where, and nothing else', async () => {
    const { server, options } = start(0);
    expect(await server.opened).toBe(true);
    expect((await ask(server.port(), '/')).body).toBe('well');
    expect(options.told).toEqual([]);
  });

  test('on a port in use tells so once, and begins when the port is free', async () => {
    const held = await holdPort();
    const { server, options } = start(held.port);
    for (let tries = 1; tries <= 4; tries += 1) {
      await options.paused();
      expect(options.begun()).toBe(tries);
      expect(options.told).toHaveLength(1);
      if (tries < 4) options.goOn();
    }
    expect(options.told[0]).toBe(
      `/healthz cannot be served on 127.0.0.1:${held.port}: another program has the port (ss -ltnp sport = :${held.port} names it); trying again every 5 s`,
    );
    await held.release();
    options.goOn();
    expect(await server.opened).toBe(true);
    expect((await ask(held.port, '/')).body).toBe('well');
    expect(options.told).toHaveLength(1);
  });

  test('on an address that the node does not have tells so', async () => {
    const { options } = start(await freePort(), retries(), '192.0.2.1');
    await options.paused();
    expect(options.told).toEqual([expect.stringContaining('this node does not have the address')]);
  });

  test('can be given up while the port is in use', async () => {
    const held = await holdPort();
    const { server, options } = start(held.port);
    await options.paused();
    await server.close();
    expect(await server.opened).toBe(false);
    expect(options.begun()).toBe(1);
    await held.release();
    expect(await isRefused(held.port)).toBe(true);
  });

  test('can be given up before it began', async () => {
    const port = await freePort();
    const { server } = start(port);
    await server.close();
    await server.close();
    expect(await isRefused(port)).toBe(true);
  });

  test('begins after what it was told to wait for', async () => {
    const order: string[] = [];
    let end = () => {};
    const after = new Promise<void>(resolve => {
      end = resolve;
    }).then(() => order.push('ended'));
    opened = listen(
      httpServer(() => plainText('well')),
      { host: '127.0.0.1', port: 0, what: '/', after },
      retries(),
    );
    const begun = opened.opened.then(() => order.push('begun'));
    end();
    await begun;
    expect(order).toEqual(['ended', 'begun']);
  });

  test('ends at once with connections that are open, idle or in the middle of a request', async () => {
    const { server } = start(0);
    await server.opened;
    const port = server.port() as number;
    const sockets = await Promise.all([connect(port), connect(port)]);
    sockets[0].write('GET / HTTP/1.1\r\nHost: ');
    await ask(port, '/');
    const ends = sockets.map(socket => once(socket.on('error', () => {}).resume(), 'close'));
    await server.close();
    await Promise.all(ends);
    expect(server.port()).toBeUndefined();
    expect(await isRefused(port)).toBe(true);
  });

  test('without a host serves both families', async () => {
    opened = listen(
      httpServer(() => plainText('well')),
      { port: 0, what: '/' },
      retries(),
    );
    await opened.opened;
    for (const host of ['127.0.0.1', ...loopback6]) expect((await ask(opened.port(), '/', { host })).body).toBe('well');
  });
});

/** `::1` where this machine has IPv6. */
const loopback6 = (networkInterfaces().lo ?? []).map(({ address }) => address).filter(address => address === '::1');
