import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { sendProbe } from '../../src/run/send-probe.js';

async function listeningPort(): Promise<number> {
  const server = createServer(socket => socket.destroy()).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Returns a port on which nothing listens any more. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const to = { address: '127.0.0.1', source: undefined, milliseconds: 2_000 };

test('a TCP connection that is accepted is answered', async () => {
  expect(await sendProbe({ ...to, protocol: 'TCP', port: await listeningPort() })).toBe('answered');
});

test('a TCP connection is made from the chosen address', async () => {
  const server = createServer(socket => socket.end()).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const accepted = once(server, 'connection');
  expect(await sendProbe({ ...to, protocol: 'TCP', port, source: '127.0.0.9' })).toBe('answered');
  expect((await accepted)[0].remoteAddress).toBe('127.0.0.9');
});

test.each(['TCP', 'UDP'] as const)('%s to a port on which nothing listens is refused', async protocol => {
  expect(await sendProbe({ ...to, protocol, port: await closedPort() })).toBe('ECONNREFUSED');
});

test('a datagram that something answers is answered, and one that nothing answers is not', async () => {
  const server = createSocket('udp4');
  onTestFinished(() => void server.close());
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  const probe = { ...to, protocol: 'UDP', port: server.address().port, milliseconds: 100 } as const;
  expect(await sendProbe(probe)).toBe('timeout');
  server.on('message', (_, { port, address }) => server.send('yes', port, address));
  expect(await sendProbe({ ...probe, milliseconds: 2_000 })).toBe('answered');
});

test('an address of the other family as the source is an error, not an exception', async () => {
  expect(await sendProbe({ ...to, protocol: 'TCP', port: 80, source: '::1' })).toMatch(/^E[A-Z]+$/);
  expect(await sendProbe({ ...to, protocol: 'UDP', port: 80, source: '::1' })).toMatch(/^E[A-Z]+$/);
});
