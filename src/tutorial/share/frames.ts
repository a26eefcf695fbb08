/**
 * A frame between a running lesson and a terminal that joined it: type (1 letter), length of the payload (4 bytes, big
 * endian), payload.
 *
 * To the lesson: H is the hello (JSON, see hello.ts), I is typed, W is the terminal's new size (JSON). To the terminal:
 * S reports that the shell runs, O is its output, R reports that the machines are new and a new shell runs, X is its
 * exit code (1 byte), L reports that the lesson ended, E is the text of an error. X, L and E are the last frame.
 */
export interface Frame {
  readonly type: FrameType;
  readonly payload: Buffer;
}

const frameTypes = ['H', 'I', 'W', 'S', 'O', 'R', 'X', 'L', 'E'] as const;

export type FrameType = (typeof frameTypes)[number];

const headerLength = 5;
/** No frame is longer. A peer that announces a longer one speaks another protocol. */
export const maximumPayload = 65_536;

/** A peer does not keep to the protocol. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/** Encodes a payload as one frame, or as several of the same type if it is too long for one. */
export function encodeFrames(type: FrameType, payload: Uint8Array | string = ''): Buffer {
  const bytes = Buffer.from(payload as Uint8Array);
  const parts = [bytes.subarray(0, maximumPayload)];
  for (let start = maximumPayload; start < bytes.length; start += maximumPayload)
    parts.push(bytes.subarray(start, start + maximumPayload));
  return Buffer.concat(parts.flatMap(part => [header(type, part.length), part]));
}

function header(type: FrameType, length: number): Buffer {
  const bytes = Buffer.alloc(headerLength);
  bytes.write(type, 0, 'latin1');
  bytes.writeUInt32BE(length, 1);
  return bytes;
}

/**
 * Returns a reader of chunks that calls `onFrame` for each complete frame.
 * @throws ProtocolError from the reader, if what it reads is no frame
 */
export function createFrameReader(onFrame: (frame: Frame) => void): (chunk: Uint8Array) => void {
  let rest = Buffer.alloc(0);
  return chunk => {
    rest = Buffer.concat([rest, chunk]);
    for (let frame = firstFrame(rest); frame !== undefined; frame = firstFrame(rest)) {
      rest = rest.subarray(headerLength + frame.payload.length);
      onFrame(frame);
    }
  };
}

/** Returns the first frame if it is complete. */
function firstFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length === 0) return undefined;
  const letter = bytes.toString('latin1', 0, 1);
  const type = frameTypes.find(known => known === letter);
  if (type === undefined) throw new ProtocolError(`a frame has the unknown type ${JSON.stringify(letter)}`);
  if (bytes.length < headerLength) return undefined;
  const length = bytes.readUInt32BE(1);
  if (length > maximumPayload) throw new ProtocolError(`a frame of ${length} bytes is longer than ${maximumPayload}`);
  if (bytes.length < headerLength + length) return undefined;
  return { type, payload: bytes.subarray(headerLength, headerLength + length) };
}
