import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFrameReader, encodeFrame, type Frame } from '../../src/sandbox/guest-protocol.js';
import { inPieces } from '../support/in-pieces.js';

const frame = fc.record({
  type: fc.constantFrom('S', 'I', 'O'),
  command: fc.nat(),
  payload: fc.uint8Array({ maxLength: 50 }).map(bytes => Buffer.from(bytes)),
});

test('frames are read as they were written, however the bytes are split', () => {
  fc.assert(
    fc.property(fc.array(frame), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (frames, cuts) => {
      const bytes = Buffer.concat(frames.map(({ type, command, payload }) => encodeFrame(type, command, payload)));
      const seen: Frame[] = [];
      const read = createFrameReader(one => seen.push(one));
      for (const piece of inPieces(bytes, cuts)) read(piece);
      expect(seen).toEqual(frames);
    }),
  );
});
