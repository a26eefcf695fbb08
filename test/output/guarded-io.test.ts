import { expect, test } from 'vitest';
import { guardedIo } from '../../src/output/guarded-io.js';
import { paintWith } from '../../src/output/paint.js';
import { hostileCharacters, hostileIn } from '../support/hostile-characters.js';

function start(isPainted: boolean) {
  const texts = { stdout: '', stderr: '' };
  const io = guardedIo(
    {
      stdout: (text: string) => {
        texts.stdout += text;
      },
      stderr: (text: string) => {
        texts.stderr += text;
      },
    },
    isPainted,
  );
  return { io, texts };
}

const escapeCharacter = String.fromCodePoint(0x1b);

test('no hostile character passes, and the lines of a result stay lines', () => {
  for (const isPainted of [false, true]) {
    const { io, texts } = start(isPainted);
    for (const character of hostileCharacters) {
      io.stdout(`a\n${character}b\n`);
      io.stderr(`a ${character}b\n`);
    }
    const withoutTabs = texts.stdout.replaceAll('\t', '');
    expect(hostileIn(withoutTabs)).toEqual([]);
    expect(hostileIn(texts.stderr)).toEqual([]);
    expect(texts.stderr.split('\n')).toHaveLength(hostileCharacters.length + 1);
  }
});

test('colors pass only where a command has them', () => {
  const painted = paintWith(true).bold('title');
  expect(painted).toContain(escapeCharacter);
  for (const isPainted of [false, true]) {
    const { io, texts } = start(isPainted);
    io.stdout(painted);
    expect(texts.stdout === painted).toBe(isPainted);
  }
});

test('what begins like a color and is none does not pass', () => {
  const { io, texts } = start(true);
  io.stdout(`${escapeCharacter}[2J ${escapeCharacter}[31;1m ${escapeCharacter}]0;x`);
  expect(texts.stdout).toBe('\\u001b[2J \\u001b[31;1m \\u001b]0;x');
});
