import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFrameReader, encodeFrames, type Frame, maximumPayload } from '../../../src/tutorial/share/frames.js';
import { parseHello, parseSize } from '../../../src/tutorial/share/hello.js';
import { inPieces } from '../../support/in-pieces.js';

const frame = fc.record({
  type: fc.constantFrom('H', 'I', 'O', 'X'),
  payload: fc.uint8Array({ maxLength: 50 }).map(bytes => Buffer.from(bytes)),
});

test('frames are read as they were written, however the bytes are split', () => {
  fc.assert(
    fc.property(fc.array(frame), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (frames, cuts) => {
      const bytes = Buffer.concat(frames.map(({ type, payload }) => encodeFrames(type as Frame['type'], payload)));
      const seen: Frame[] = [];
      const read = createFrameReader(one => seen.push(one));
      for (const piece of inPieces(bytes, cuts)) read(piece);
      expect(seen).toEqual(frames);
    }),
  );
});

test('a large payload becomes several frames, none of which is too long', () => {
  const payload = Buffer.alloc(150_000, 'output');
  const seen: Frame[] = [];
  createFrameReader(one => seen.push(one))(encodeFrames('O', payload));
  expect(seen.map(({ type, payload: { length } }) => [type, length])).toEqual([
    ['O', maximumPayload],
    ['O', maximumPayload],
    ['O', 150_000 - 2 * maximumPayload],
  ]);
  expect(Buffer.concat(seen.map(one => one.payload)).equals(payload)).toBe(true);
});

test.each([
  ['an unknown type', 'GET / HTTP/1.1\r\n', 'a frame has the unknown type "G"'],
  ['a length beyond the limit', 'O\x00\x01\x00\x01', 'a frame of 65537 bytes is longer than 65536'],
])('%s is refused before the payload arrives', (_name, bytes, message) => {
  expect(() => createFrameReader(() => {})(Buffer.from(bytes, 'latin1'))).toThrow(message);
});

test.each([
  ['no JSON', 'inajob', 'the hello is not valid: it is not an object of JSON'],
  ['another version', '{"version":2,"machine":"inajob","size":{"columns":1,"rows":1},"environment":{}}', 'version'],
  ['an unknown machine', '{"version":1,"machine":"x","size":{"columns":1,"rows":1},"environment":{}}', 'machine'],
  ['another field', '{"version":1,"machine":"inajob","size":{"columns":1,"rows":1},"environment":{},"a":1}', '"a"'],
  ['a size of text', '{"version":1,"machine":"inajob","size":{"columns":"1","rows":1},"environment":{}}', 'columns'],
])('a hello with %s is refused', (_name, text, message) => {
  expect(() => parseHello(Buffer.from(text))).toThrow(message);
});

test.each(['{"columns":-1,"rows":1}', '{"columns":70000,"rows":1}', '{"rows":1}'])('the size %s is refused', text => {
  expect(() => parseSize(Buffer.from(text))).toThrow('the size is not valid');
});
