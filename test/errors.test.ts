import { describe, expect, test } from 'vitest';
import { KproxyError } from '../src/errors.js';
import { hostileIn, hostileText } from './support/hostile-characters.js';

const errorWith = (evidence: string): KproxyError => new KproxyError({ code: 'tool-failed', message: 'no', evidence });

describe('an error', () => {
  test('has no control character in any text, and one line of message and of advice', () => {
    const texts = { message: hostileText, evidence: hostileText, advice: hostileText };
    const { message, evidence = '', advice = '' } = new KproxyError({ code: 'tool-failed', ...texts });
    for (const text of [message, evidence, advice]) expect(hostileIn(text)).toEqual([]);
    for (const text of [message, advice]) expect(text).not.toContain('\n');
  });

  test('keeps the first and the last lines of a megabyte of evidence', () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `line ${index}`);
    const { evidence = '' } = errorWith(lines.join('\n'));
    expect(evidence.split('\n')).toHaveLength(41);
    expect(evidence).toMatch(/^line 0\n/);
    expect(evidence).toMatch(/\nline 99999$/);
    expect(evidence).toContain('99960 more lines');
  });

  test('keeps both ends of a line of a megabyte', () => {
    const { evidence = '' } = errorWith(`begin${'x'.repeat(1_000_000)}end`);
    expect(evidence.length).toBeLessThanOrEqual(2_000);
    expect(evidence).toMatch(/^beginx+…x+end$/);
  });

  test('keeps short evidence as it is', () => {
    expect(errorWith('one\n  two').evidence).toBe('one\n  two');
  });
});
