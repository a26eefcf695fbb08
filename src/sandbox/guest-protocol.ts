/**
 * Frames between the host and the guest's agent, both ways: length of the payload (4 bytes, big endian), type (1 letter), command (4 bytes), payload.
 *
 * To the guest: S start a command, I its standard input, Z end of its input, K signal to its process group, M mount a host folder.
 * To the host: R ready, A so many bytes were taken (in the place of the command), O standard output, E standard error, X the command ended.
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

/** Takes chunks as they come and calls `onFrame` for each whole frame. */
export function createFrameReader(onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let length = 0;
  let wanted = headerLength;
  return chunk => {
    chunks.push(chunk);
    length += chunk.length;
    if (length < wanted) return;
    let buffer = Buffer.concat(chunks);
    for (wanted = frameLength(buffer); buffer.length >= wanted; wanted = frameLength(buffer)) {
      onFrame(decodeFrame(buffer.subarray(0, wanted)));
      buffer = buffer.subarray(wanted);
    }
    chunks = [buffer];
    length = buffer.length;
  };
}

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
