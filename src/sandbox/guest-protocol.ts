/**
 * A frame between the host and the guest's agent: length of the payload (4 bytes, big endian), type (1 letter), number
 * of the command (4 bytes), payload.
 *
 * To the guest: S starts a command, I is part of its standard input, Z ends its input, K signals its process group, or
 * its session if it runs on a terminal. W is the terminal's new size (columns and rows, 2 bytes each), H hangs it up. M
 * mounts a host folder. To the host: R reports that the agent is ready, A acknowledges bytes (their count is in place
 * of the command), O is standard output, E standard error, X the end of a command.
 */
export interface Frame {
  readonly type: string;
  readonly command: number;
  readonly payload: Buffer;
}

const headerLength = 9;

export function encodeFrame(type: string, command: number, payload: Uint8Array | string = ''): Buffer {
  const body = Buffer.from(payload as Uint8Array);
  const header = Buffer.alloc(headerLength);
  header.writeUInt32BE(body.length, 0);
  header.write(type, 4, 'latin1');
  header.writeUInt32BE(command, 5);
  return Buffer.concat([header, body]);
}

/** Returns a reader of chunks that calls `onFrame` for each complete frame. */
export function createFrameReader(onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let length = 0;
  let nextLength = headerLength;
  return chunk => {
    chunks.push(chunk);
    length += chunk.length;
    if (length < nextLength) return;
    let buffer = Buffer.concat(chunks);
    for (nextLength = frameLength(buffer); buffer.length >= nextLength; nextLength = frameLength(buffer)) {
      onFrame(decodeFrame(buffer.subarray(0, nextLength)));
      buffer = buffer.subarray(nextLength);
    }
    chunks = [buffer];
    length = buffer.length;
  };
}

/** Returns the length of the first frame, or of its header if that is incomplete. */
function frameLength(buffer: Buffer): number {
  return buffer.length < headerLength ? headerLength : headerLength + buffer.readUInt32BE(0);
}

function decodeFrame(buffer: Buffer): Frame {
  return {
    type: buffer.toString('latin1', 4, 5),
    command: buffer.readUInt32BE(5),
    payload: buffer.subarray(headerLength),
  };
}
