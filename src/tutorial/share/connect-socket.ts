import { connect, type Socket } from 'node:net';

const connectMilliseconds = 5_000;

/**
 * Connects to a Unix socket.
 * @throws Error with the system's code, or if there is no answer within 5 seconds
 */
export const connectSocket = (path: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(path);
    const timer = setTimeout(() => {
      socket.destroy(new Error(`${path} did not answer within ${connectMilliseconds / 1_000} s`));
    }, connectMilliseconds);
    socket.once('error', error => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
