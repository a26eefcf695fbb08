import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { languages } from '../../../src/tutorial/language.js';
import type { Exercise } from '../../../src/tutorial/lesson/step.js';
import { slipsIn } from '../support/japanese.js';
import { columnsOf, picturesIn, sentencesIn, steps, textsIn } from './lesson-texts.js';

const exercises = steps.filter((step): step is Exercise => step.kind === 'exercise');
const japanese = '[\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Han}]';
const withoutCode = (text: string) => text.replace(/`[^`]*`/g, '`');

/** Returns the texts that match, by their places. */
const matching = (texts: ReturnType<typeof sentencesIn>, pattern: RegExp) =>
  texts.flatMap(({ step, place, content }) => {
    const found = pattern.exec(content);
    return found === null
      ? []
      : [`${step}, ${place}: ${content.slice(Math.max(0, found.index - 20), found.index + 20)}`];
  });

describe.each(languages)('the texts in the language %s', language => {
  it('are one for each task', () => {
    const numbers = exercises.map(({ id, texts }) => [id, texts[language].tasks.length]);
    expect(numbers).toEqual(exercises.map(({ id, tasks }) => [id, tasks.length]));
  });

  it('have a question where an answer is, and only there', () => {
    const asked = exercises.filter(({ texts }) => texts[language].question !== undefined).map(({ id }) => id);
    expect(asked).toEqual(exercises.filter(({ answer }) => answer !== undefined).map(({ id }) => id));
  });

  it('are not empty, and have neither tabs, nor line breaks, nor blanks to spare', () => {
    expect(matching(sentencesIn(language), /^$|^\s|\s$|[\t\n]| {2}/)).toEqual([]);
  });

  it('say something before each command, and a reason and a hint', () => {
    const incomplete = exercises.flatMap(({ id, texts }) =>
      texts[language].tasks
        .filter(({ before, why, hint }) => before.length * why.length * hint.length === 0)
        .map(() => id),
    );
    expect(incomplete).toEqual([]);
  });

  it('close each piece of code', () => {
    const open = sentencesIn(language).filter(({ content }) => content.split('`').length % 2 === 0);
    expect(open.map(({ content }) => content)).toEqual([]);
  });

  it('have pictures that fit 78 columns', () => {
    const wide = picturesIn(language).flatMap(({ step, content }) =>
      content
        .split('\n')
        .filter(line => columnsOf(line) > 78 || /\s$/.test(line))
        .map(line => `${step}: ${line}`),
    );
    expect(wide).toEqual([]);
  });

  it('leave room for the command and its answer on a page of 80 columns and 24 lines', () => {
    const linesOf = (content: string) => Math.ceil(columnsOf(content) / 76) + 1;
    const long = exercises.flatMap(({ id, texts }) =>
      texts[language].tasks
        .map(({ before }) => before.reduce((lines, each) => lines + (typeof each === 'string' ? linesOf(each) : 0), 0))
        .flatMap((lines, index) => (lines > 10 ? [`${id}, task ${index + 1}: ${lines} lines`] : [])),
    );
    expect(long).toEqual([]);
  });
});

describe('the texts', () => {
  it('have steps with ids of their own', () => {
    const ids = steps.map(({ id }) => id);
    expect([...new Set(ids)]).toEqual(ids);
  });

  it('have pictures at the same places in each language', () => {
    const placesOf = (texts: ReturnType<typeof picturesIn>) => texts.map(({ step, place }) => `${step}, ${place}`);
    expect(placesOf(picturesIn('ja'))).toEqual(placesOf(picturesIn('en')));
  });

  it('are at the same places in each language', () => {
    const placesIn = (language: 'en' | 'ja') => [
      ...new Set(textsIn(language).map(({ step, place }) => `${step}, ${place}`)),
    ];
    expect(placesIn('ja')).toEqual(placesIn('en'));
  });

  it('are ASCII in English', () => {
    expect(matching(sentencesIn('en'), /[^\x20-\x7e]/)).toEqual([]);
  });
});

describe('the Japanese texts', () => {
  const texts = sentencesIn('ja').map(text => ({ ...text, content: withoutCode(text.content) }));

  it('are Japanese', () => {
    const others = texts.filter(({ content }) => !new RegExp(japanese, 'u').test(content));
    expect(others.map(({ content }) => content)).toEqual([]);
  });

  it('have no ASCII punctuation in their sentences', () => {
    expect(matching(texts, new RegExp(`${japanese} ?[,.:;!?()]|[,.;!?()] ?${japanese}`, 'u'))).toEqual([]);
  });

  it('have a blank between Japanese and other words', () => {
    expect(matching(texts, new RegExp(`${japanese}[A-Za-z0-9\`"]|[A-Za-z0-9\`"]${japanese}`, 'u'))).toEqual([]);
  });

  it('have no blank beside their own punctuation, except after an exclamation', () => {
    expect(matching(texts, / [\u3000-\u303f\uff01-\uff60]|[\u3000-\u303f\uff08\uff09\uff0c\uff0e\uff1a] /)).toEqual([]);
  });

  it('have no letters or digits of double width', () => {
    expect(matching(texts, /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/)).toEqual([]);
  });

  it('end their paragraphs as sentences', () => {
    const prose = texts.filter(({ place }) => place !== 'title');
    expect(matching(prose, /[^\u3002\uff09\uff01\uff1f]$/)).toEqual([]);
  });

  it('have the same word for the same thing', () => {
    const slips = textsIn('ja').flatMap(({ step, place, content }) =>
      slipsIn(withoutCode(typeof content === 'string' ? content : content.picture)).map(
        slip => `${step}, ${place}: ${slip}`,
      ),
    );
    expect(slips).toEqual([]);
  });

  it('do not say again which answer is right: the page says it above the reason', () => {
    expect(matching(texts, /^正解/)).toEqual([]);
  });

  it('are broken at the end of a sentence or a clause in the sources', () => {
    const sources = readdirSync('src/tutorial', { recursive: true, encoding: 'utf8' }).filter(name =>
      /(^|[/.])ja\.ts$/.test(name),
    );
    const broken = sources.flatMap(name =>
      readFileSync(`src/tutorial/${name}`, 'utf8')
        .split('\n')
        .filter(line => /['`] \+$/.test(line) && !/[。、！？）」] ?['`] \+$/.test(line))
        .map(line => `${name}: ${line.trim()}`),
    );
    expect(sources).toHaveLength(steps.length + 2);
    expect(broken).toEqual([]);
  });
});
