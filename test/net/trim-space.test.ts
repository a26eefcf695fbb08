import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalNetwork } from '../../src/net/network.js';
import { trimSpace } from '../../src/net/trim-space.js';

/** The characters with Unicode's property White_Space, as Go's `unicode.IsSpace` has them. */
const goSpace = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/u;

test('exactly the characters that Go takes for white space are trimmed', () => {
  for (let code = 0; code <= 0xffff; code += 1) {
    const character = String.fromCharCode(code);
    const expected = goSpace.test(character) ? 'a' : `${character}a${character}`;
    if (trimSpace(`${character}a${character}`) !== expected) expect(code.toString(16)).toBe('trimmed as in Go');
  }
});

test('only at the ends, and the whole of a blank text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(' ', '\u0085', '\u00a0', '\ufeff', 'a') }), text => {
      expect(trimSpace(text)).toBe(text.replace(/^[ \u0085\u00a0]+/, '').replace(/[ \u0085\u00a0]+$/, ''));
    }),
  );
});

test('a source range may have U+0085 and U+00A0 around it, as for the API server, but not U+FEFF', () => {
  expect(canonicalNetwork('\u008510.0.0.0/8\u00a0\u0085')).toBe('10.0.0.0/8');
  expect(canonicalNetwork('\ufeff10.0.0.0/8')).toBeUndefined();
});
