import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Movement } from '../../../src/tutorial/observe/observed.js';
import { changedParts } from '../../../src/tutorial/page/changed-parts.js';
import { movedLines } from '../../../src/tutorial/page/movement-lines.js';
import { styleOf } from '../../../src/tutorial/page/style.js';

const linesOf = (movement: Movement, columns = 80, colors = false) =>
  movedLines('Moved:', [movement], {
    ...styleOf({ write: () => {}, columns: () => columns, colors, language: 'en', isUnicode: true }),
  }).slice(1);

describe('what moved', () => {
  test('has the changed part in colors', () => {
    const movement: Movement = {
      mark: '~',
      where: 'endpoints/web-service',
      before: '10.244.1.3:8080,10.244.2.2:8080',
      after: '10.244.1.3:8080',
    };
    expect(linesOf(movement, 80, true)).toEqual([
      '\u001b[33m~\u001b[39m endpoints/web-service: 10.244.1.3:8080\u001b[31m,\u001b[39m' +
        '\u001b[31m10.244.2.2:8080\u001b[39m \u2192 10.244.1.3:8080',
    ]);
  });

  test('that is wider than a line has its values below one another', () => {
    const movement: Movement = { mark: '~', where: 'inajob: nat KUBE-SERVICES', before: '-j ACCEPT', after: '-j DROP' };
    expect(linesOf(movement, 44)).toEqual(['~ inajob: nat KUBE-SERVICES:', '    -j ACCEPT', '  \u2192 -j DROP']);
  });

  test('may have no value', () => {
    expect(linesOf({ mark: '-', where: 'inajob: set KUBE-CLUSTER-IP' })).toEqual(['- inajob: set KUBE-CLUSTER-IP']);
  });

  test('is broken between words: an option keeps its value, and the mark stays alone in the first column', () => {
    const rule = '! -s 10.244.0.0/16 -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ';
    expect(linesOf({ mark: '+', where: 'inajob: nat KUBE-SERVICES rule 1', after: rule }, 40)).toEqual([
      '+ inajob: nat KUBE-SERVICES rule 1:',
      '    ! -s 10.244.0.0/16 -m set',
      '    --match-set KUBE-CLUSTER-IP dst,dst',
      '    -j KUBE-MARK-MASQ',
    ]);
  });

  test('is complete at any width', () => {
    const words = fc.array(fc.constantFrom('-m', 'set', '!', '-s', '--dport', '10.0.0.1/32', '"a', 'b"'), {
      minLength: 1,
    });
    const value = words.map(each => each.join(' '));
    const movement = fc.oneof(
      fc.record<Movement>({ mark: fc.constantFrom('+'), where: value, after: value }),
      fc.record<Movement>({ mark: fc.constantFrom('~'), where: value, before: value, after: value }),
    );
    fc.assert(
      fc.property(movement, fc.integer({ min: 20, max: 120 }), fc.boolean(), (each, columns, colors) => {
        const lines = linesOf(each, columns, colors).map(stripVTControlCharacters);
        const values = [each.before, each.after].filter(text => text !== undefined);
        const wanted = `${each.mark} ${each.where}: ${values.join(' \u2192 ')}`;
        expect(lines.join(' ').replace(/\s+/g, ' ')).toBe(wanted);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(Math.min(100, columns));
        for (const line of lines.slice(1)) expect(line).toMatch(/^ {2}/);
      }),
    );
  });
});

describe('the changed parts of two texts', () => {
  test('are words', () => {
    expect(changedParts('weight 1, 0 active', 'weight 0, 0 active')).toEqual({
      before: parts(['weight', ' ', ['1'], ', ', '0', ' ', 'active']),
      after: parts(['weight', ' ', ['0'], ', ', '0', ' ', 'active']),
    });
  });

  test('leave the same text unchanged in both', () => {
    const text = fc.array(fc.constantFrom('a', 'b', ' ', ',', '1')).map(each => each.join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const changed = changedParts(before, after);
        const unchanged = (each: typeof changed.before) => each.filter(part => !part.isChanged).map(part => part.text);
        expect(changed.before.map(part => part.text).join('')).toBe(before);
        expect(changed.after.map(part => part.text).join('')).toBe(after);
        expect(unchanged(changed.before)).toEqual(unchanged(changed.after));
      }),
    );
  });

  test('are none if the texts are the same', () => {
    const { before, after } = changedParts('a, b', 'a, b');
    expect([...before, ...after].filter(part => part.isChanged)).toEqual([]);
  });
});

/** A word in brackets is changed. */
const parts = (texts: readonly (string | readonly [string])[]) =>
  texts.map(each => (typeof each === 'string' ? { text: each, isChanged: false } : { text: each[0], isChanged: true }));
