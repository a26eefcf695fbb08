import { describe, expect, test } from 'vitest';
import { languages } from '../../../src/tutorial/language.js';
import type { Exercise, Task } from '../../../src/tutorial/lesson/step.js';
import { createPage } from '../../../src/tutorial/page/create-page.js';
import { keyWords } from '../../../src/tutorial/play/keys/names.js';
import { taskPlace } from '../../../src/tutorial/play/places/task-place.js';
import { texts } from '../../../src/tutorial/texts/index.js';
import { slipsIn } from '../support/japanese.js';

/** Returns all texts by their paths. Functions are called with words that can be found again. */
function leaves(value: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return leaves((value as (...all: unknown[]) => unknown)(words, words), path);
  return Object.entries(value as object).flatMap(([key, part]) => leaves(part, `${path}.${key}`));
}

const names: Readonly<Record<string, unknown>> = { machines: ['inajob'], guess: 'a', answer: 'b' };
/** Stands for the argument of any text: an object with any field, and a text itself. */
const words = new Proxy(
  {},
  {
    get: (_, key) => {
      if (key === Symbol.toPrimitive || key === 'toString') return () => 'WORD';
      return names[String(key)] ?? 'WORD';
    },
  },
);

const [en, ja] = [leaves(texts.en), leaves(texts.ja)];

test('the languages have the same texts, and none is empty', () => {
  expect(ja.map(([path]) => path)).toEqual(en.map(([path]) => path));
  expect([...en, ...ja].filter(([, text]) => text.trim() === '')).toEqual([]);
});

test('what a text is given is in it in both languages', () => {
  const given = (all: typeof en) => all.filter(([, text]) => text.includes('WORD')).map(([path]) => path);
  expect(given(en).length).toBeGreaterThan(10);
  expect(given(ja)).toEqual(given(en));
});

const usedLatin = /^(Linux|Pod|IP|ID|Enter|Ctrl-[CD]|step|lang|en|ja|kproxy|tutorial|shell|exit|quit|on|WORD)$/;

test('a Japanese text is Japanese: its Latin words are names, keys and commands', () => {
  const prose = ja.filter(([path]) => path !== '.keys.language').map(([, text]) => text.replace(/`[^`]*`/g, ''));
  const words = prose.flatMap(text => text.match(/[A-Za-z][A-Za-z-]*/g) ?? []);
  const known = new Set(['fresh', 'inajob', 'ipvsadm', 'Ln', 'master', 'yuanying', 'web-inajob', 'client-inajob']);
  for (const name of ['web-yuanying', 'warehouse', 'a', 'b', 'c', 'l', 's']) known.add(name);
  expect([...new Set(words)].filter(word => !usedLatin.test(word) && !known.has(word))).toEqual([]);
  for (const text of prose) expect(text).not.toMatch(/[\u3040-\u30ff\u4e00-\u9fff][,.?!]/);
});

test('a Japanese text has the same words as the lesson', () => {
  expect(ja.flatMap(([, text]) => slipsIn(text))).toEqual([]);
});

describe.each(languages)('in %s', language => {
  test('the keys of a task fit in one line of 80 columns', () => {
    let output = '';
    const page = createPage({
      write: text => {
        output += text;
      },
      columns: () => 80,
      colors: false,
      language,
      isUnicode: true,
    });
    const { keys } = taskPlace({} as Exercise, 0, {} as Task);
    const shown = keyWords.filter(({ name }) => keys.includes(name));
    const { keys: does, enter } = texts[language];
    page.keys([
      { key: 'Enter', does: enter.run },
      ...shown.map(({ name, letter }) => ({ key: letter, does: does[name] })),
    ]);
    expect(shown).toHaveLength(10);
    expect(output.trim().split('\n')).toHaveLength(1);
  });

  test('the help names every key', () => {
    const help = texts[language].help('kproxy tutorial').join('\n');
    for (const { letter } of keyWords) expect(help).toContain(`\`${letter}`);
  });
});
