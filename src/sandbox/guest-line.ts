import type { Duplex } from 'node:stream';
import { createFrameReader, encodeFrame, type Frame } from './guest-protocol.js';

/** The most bytes in flight. The guest's serial line hangs forever if more than its input buffer (4 KB) arrives. */
const windowBytes = 3_500;

/** Sends a frame for one command. */
export type SendFrame = (type: string, payload?: Uint8Array | string) => void;

export interface GuestLine {
  send(type: string, command: number, payload?: Uint8Array | string): void;
}

/** Sends frames to the agent, never more than it has room for, and passes its frames to `onFrame`. */
export function createGuestLine(stream: Duplex, onFrame: (frame: Frame) => void): GuestLine {
  let queue: readonly Buffer[] = [];
  let bytesInFlight = 0;
  const flush = () => {
    while (queue.length > 0 && bytesInFlight < windowBytes) {
      const [first = Buffer.alloc(0), ...rest] = queue;
      const part = first.subarray(0, windowBytes - bytesInFlight);
      bytesInFlight += part.length;
      stream.write(part);
      queue = part.length < first.length ? [first.subarray(part.length), ...rest] : rest;
    }
  };
  const read = createFrameReader(frame => {
    if (frame.type !== 'A') return onFrame(frame);
    bytesInFlight -= frame.command;
    flush();
  });
  stream.on('data', read);
  // The end of the guest shows in the end of its process.
  stream.on('error', () => {});
  return {
    send(type, command, payload) {
      queue = [...queue, encodeFrame(type, command, payload)];
      flush();
    },
  };
}
