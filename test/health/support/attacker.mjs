// A client, in a thread of its own, that writes requests without an end over connections that it opens again.
import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const { port, connections, isReading } = workerData;
const requests = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2_000);

function attack() {
  const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.1' });
  if (!isReading) socket.pause();
  else socket.resume();
  const write = () => {
    while (socket.writable && socket.write(requests));
  };
  socket.on('connect', write).on('drain', write);
  socket.on('error', () => {});
  socket.once('close', () => setTimeout(attack, 50));
}

for (let connection = 0; connection < connections; connection += 1) attack();
parentPort.postMessage('started');
