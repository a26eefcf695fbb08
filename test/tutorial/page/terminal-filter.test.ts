import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TerminalFilter } from '../../../src/tutorial/page/terminal-filter.js';

/** Passes parts of an output and ends it. */
function passed(parts: readonly string[], withColors = true): string {
  const filter = new TerminalFilter(withColors);
  return parts.map(part => filter.pass(part)).join('') + filter.end();
}

describe('the output of a command', () => {
  test('keeps its text, tabs, carriage returns and backspaces', () => {
    expect(passed(['a\tb\r\n12%\r50%\b\b\u2192設定\n'])).toBe('a\tb\n12%\r50%\b\b\u2192設定\n');
  });

  test('ends at the beginning of a line', () => {
    expect(passed(['no newline'])).toBe('no newline\n');
    expect(passed(['a newline\r\n'])).toBe('a newline\n');
    expect(passed([])).toBe('');
    expect(passed(['a\r'])).toBe('a\n');
    expect(passed(['a\t\n\t'])).toBe('a\t\n\t\n');
  });

  test('keeps colors, and leaves none on at its end', () => {
    expect(passed(['\u001b[1;32mok\u001b[0m\n'])).toBe('\u001b[1;32mok\u001b[0m\n');
    expect(passed(['\u001b[38:5:196mred\n'])).toBe('\u001b[38:5:196mred\n\u001b[0m');
    expect(passed(['\u009b31mred'])).toBe('\u001b[31mred\u001b[0m\n');
    expect(passed(['\u001b[32mok\u001b[m\n'], false)).toBe('ok\n');
  });

  test.each(['?47', '?1047', '?1049'])('loses what is drawn on the second screen of mode %s', mode => {
    const editor = `\u001b[${mode}h\u001b[31m~\r\n~\u001b[m\u001b[${mode}l`;
    expect(passed([`before ${editor}after`])).toBe('before after\n');
    expect(passed([...editor, 'after'])).toBe('after\n');
    expect(passed([`\u001b[${mode}hdrawn`])).toBe('');
  });

  test('is shown again after one that left the second screen on', () => {
    const filter = new TerminalFilter(true);
    expect(filter.pass('\u001b[?1049hdrawn') + filter.end() + filter.pass('next\n')).toBe('next\n');
  });

  test.each([
    ['moves the cursor', '\u001b[2A\u001b[10;1H\u001b7\u001b8\u001bM'],
    ['clears', '\u001b[2J\u001b[K\u001bc\u000c'],
    ['changes modes', '\u001b[?2004h\u001b[?25l\u001b[4h\u001b=\u001b[>4;2m\u001b[!p'],
    ['changes the title', '\u001b]0;title\u0007\u001b]2;title\u001b\\\u009d0;title\u009c'],
    ['sends a string', '\u001bPq#0\u001b\\\u001b_G\u001b\\\u001b^x\u001b\\\u0090x\u009c'],
    ['changes the character set', '\u001b(0\u001b$)C\u000e\u000f\u001b%G'],
    ['asks the terminal', '\u001b[6n\u001b[c\u0005'],
    ['rings', '\u0007\u0000\u007f'],
    ['is an absurdly long color', `\u001b[${'1;'.repeat(40)}1m`],
  ])('loses what %s', (_, control) => {
    expect(passed([`a${control}b`])).toBe('ab\n');
    expect(passed([...`a${control}b`])).toBe('ab\n');
  });

  test('shows characters that a terminal hides or that turn text around', () => {
    expect(passed(['a\u202eb\u200bc'])).toBe('a\\u202eb\\u200bc\n');
  });

  test('loses no more than a line to a string without an end', () => {
    expect(passed(['a\u001b]0;b\nc\n'])).toBe('a\nc\n');
    expect(passed(['a\u001b[1', '\nc\n'])).toBe('a\nc\n');
    expect(passed(['a\u001b\nc\n'])).toBe('a\nc\n');
  });

  test('begins anew after its end', () => {
    const filter = new TerminalFilter(true);
    expect(filter.pass('a\u001b]0;b') + filter.end()).toBe('a\n');
    expect(filter.pass('c') + filter.end()).toBe('c\n');
    expect(filter.pass('d\r') + filter.end() + filter.pass('\n')).toBe('d\n\n');
  });

  test('is the same in whatever parts it arrives, and has no control character but those that stay in a line', () => {
    const piece = fc.constantFrom(
      ...[
        '\u001b',
        '[',
        ']',
        '0',
        ';',
        '3',
        'm',
        'J',
        'P',
        '\\',
        '\u0007',
        '\r',
        '\n',
        '\t',
        '\b',
        'a',
        '設',
        '\u009b',
      ],
      ...['\u{20bb7}', '\u009d', '\u009c', '\u0018', '(', '?', ' ', '\u202e', '\u0000'],
    );
    const output = fc.array(piece, { maxLength: 40 });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: finds control characters
    const color = /\u001b\[[\d;:]*m/;
    fc.assert(
      fc.property(output, fc.boolean(), (pieces, withColors) => {
        const whole = passed([pieces.join('')], withColors);
        expect(passed(pieces.join('').split(''), withColors)).toBe(whole);
        const rest = withColors ? whole.split(color).join('') : whole;
        expect(rest).not.toMatch(/[^\P{Cc}\n\r\t\b]/u);
        expect(whole.replaceAll('\u001b[0m', '')).toMatch(/(?:^|\n)[\r\b]*$/);
      }),
    );
  });
});
