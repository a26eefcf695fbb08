import { describe, expect, test } from 'vitest';
import { plainText } from '../../../src/tutorial/lab/plain-text.js';

describe('the text of a terminal’s output', () => {
  test.each([
    ['lines end with a line feed only', 'a\r\nb\r\n', 'a\nb\n'],
    ['colors are left out', '\u001b[1;31mred\u001b[0m and \u001b[32mgreen\u001b[39m', 'red and green'],
    ['what follows a carriage return overwrites the line', '10 %\r100\r\nx', '100%\nx'],
    ['a shorter text leaves the rest of the line', 'abcdef\rXY\n', 'XYcdef\n'],
    ['a backspace moves back', 'ab\bc\n', 'ac\n'],
    ['a backspace at the beginning of a line does nothing', '\b\ba\n', 'a\n'],
    ['tabs stay', 'real\t0m1.0s\r\n', 'real\t0m1.0s\n'],
    ['bells and other control characters are left out', 'a\u0007b\u0000c\u007fd\u009be', 'abcde'],
    ['the title of a window is left out', '\u001b]0;title\u0007text', 'text'],
    ['wide characters and emoji stay whole', '名前\r苗字🙂\n', '苗字🙂\n'],
    ['nothing is added to an unfinished line', 'no end', 'no end'],
  ])('%s', (_, output, text) => {
    expect(plainText(output)).toBe(text);
  });
});
