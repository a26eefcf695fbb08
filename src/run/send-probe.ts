import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { familyOf } from '../net/address.js';

export interface Probe {
  readonly protocol: 'TCP' | 'UDP';
  readonly address: string;
  readonly port: number;
  /** The address to send from. Undefined lets the kernel choose. */
  readonly source: string | undefined;
  readonly milliseconds: number;
}

/**
 * Opens a TCP connection, or sends an empty UDP datagram, and waits for what comes back.
 * @returns `answered`, `timeout`, or the name of the error: `ECONNREFUSED`
 */
export const sendProbe = (probe: Probe): Promise<string> =>
  probe.protocol === 'TCP' ? openConnection(probe) : sendDatagram(probe);

function openConnection({ address, port, source, milliseconds }: Probe): Promise<string> {
  return new Promise(resolve => {
    const socket = connect({ host: address, port, ...(source === undefined ? {} : { localAddress: source }) });
    const end = (outcome: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => end('timeout'), milliseconds);
    socket.once('connect', () => end('answered'));
    socket.on('error', error => end(codeOf(error)));
  });
}

/** A connected socket gets ICMP errors. */
function sendDatagram({ address, port, source, milliseconds }: Probe): Promise<string> {
  return new Promise(resolve => {
    const socket = createSocket(familyOf(address) === 'IPv6' ? 'udp6' : 'udp4');
    const end = (outcome: string): void => {
      clearTimeout(timer);
      socket.close();
      resolve(outcome);
    };
    const once = onlyOnce(end);
    const timer = setTimeout(() => once('timeout'), milliseconds);
    socket.on('error', error => once(codeOf(error)));
    socket.once('message', () => once('answered'));
    const begin = () => socket.connect(port, address, () => send(socket, once));
    if (source === undefined) begin();
    else socket.bind(0, source, begin);
  });
}

const send = (socket: ReturnType<typeof createSocket>, end: (outcome: string) => void): void =>
  socket.send('', error => {
    if (error !== null) end(codeOf(error));
  });

function onlyOnce(action: (text: string) => void): (text: string) => void {
  let isDone = false;
  return text => {
    if (isDone) return;
    isDone = true;
    action(text);
  };
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'error';
