import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createModeTracker } from '../../../src/tutorial/share/terminal-modes.js';

const e = '\u001b';

/** Returns what undoes an output that arrives in these parts. */
function undo(...parts: readonly string[]): string {
  const modes = createModeTracker();
  for (const part of parts) modes.see(Buffer.from(part));
  return modes.undo();
}

test.each([
  ['plain text', 'a\r\nb', ''],
  ['an editor', `${e}[?1049h${e}[?1h${e}=${e}[?25l`, `${e}[?1l${e}[?1049l${e}[?25h${e}>`],
  ['an editor that ended', `${e}[?1049h${e}[?1h${e}=${e}[?1l${e}>${e}[?1049l`, ''],
  ['line editing', `${e}[?2004hinajob# `, `${e}[?2004l`],
  ['several modes at once', `${e}[?1000;1006;25h`, `${e}[?1000l${e}[?1006l`],
  ['a color', `${e}[1;31mred`, `${e}[m`],
  ['a color that ended', `${e}[31mred${e}[0m${e}[32mgreen${e}[m`, ''],
  ['other sequences', `${e}[2J${e}[?12h${e}[10;3H${e}]0;title\u0007`, ''],
])('%s leaves behind what is undone', (_name, text, expected) => {
  expect(undo(text)).toBe(expected);
});

test('sequences are found however the output is split', () => {
  const text = `あ${e}[?1049h${e}[?25l${e}[31m${e}=é${e}[?25h`;
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), cuts => {
      const places = [0, ...[...cuts].sort((a, b) => a - b), text.length];
      const parts = places.slice(1).map((end, index) => text.slice(places[index], end));
      expect(undo(...parts)).toBe(`${e}[?1049l${e}>${e}[m`);
    }),
  );
});

test('what was undone is not undone again', () => {
  const modes = createModeTracker();
  modes.see(Buffer.from(`${e}[?25l`));
  expect([modes.undo(), modes.undo()]).toEqual([`${e}[?25h`, '']);
});
