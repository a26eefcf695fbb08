import type { Duplex } from 'node:stream';
import { createFrameReader, encodeFrame, type Frame } from './guest-protocol.js';

/** The guest's serial line loses its wake-up when more than its input buffer (4 KB) is on the way, and then hangs for good. */
const windowBytes = 3_500;

export interface GuestLine {
  send(type: string, command: number, payload?: Uint8Array | string): void;
}

/** Sends frames to the agent, never more at once than it has room for, and passes on those that come from it. */
export function openGuestLine(stream: Duplex, onFrame: (frame: Frame) => void): GuestLine {
  let waiting: Buffer[] = [];
  let onTheWay = 0;
  const flush = () => {
    while (waiting.length > 0 && onTheWay < windowBytes) {
      const [first = Buffer.alloc(0), ...rest] = waiting;
      const part = first.subarray(0, windowBytes - onTheWay);
      onTheWay += part.length;
      stream.write(part);
      waiting = part.length < first.length ? [first.subarray(part.length), ...rest] : rest;
    }
  };
  const read = createFrameReader(frame => {
    if (frame.type !== 'A') return onFrame(frame);
    onTheWay -= frame.command;
    flush();
  });
  stream.on('data', read);
  // A guest that has ended is noticed by the end of its process.
  stream.on('error', () => {});
  return {
    send(type, command, payload) {
      waiting.push(encodeFrame(type, command, payload));
      flush();
    },
  };
}
