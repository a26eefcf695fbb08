import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderTemplate } from '../../../src/tutorial/kubectl/jsonpath/evaluate.js';
import { JsonPathError, parseTemplate } from '../../../src/tutorial/kubectl/jsonpath/parse.js';
import { ageText } from '../../../src/tutorial/kubectl/show/age.js';
import { alignTabs } from '../../../src/tutorial/kubectl/show/tabs.js';
import { yamlText } from '../../../src/tutorial/kubectl/show/yaml.js';

describe('ages are as short as those of kubectl', () => {
  const minute = 60;
  const hour = 60 * minute;
  const day = 24 * hour;
  test.each([
    [-5, '<invalid>'],
    [0, '0s'],
    [119, '119s'],
    [2 * minute, '2m'],
    [2 * minute + 5, '2m5s'],
    [10 * minute + 5, '10m'],
    [179 * minute, '179m'],
    [3 * hour, '3h'],
    [3 * hour + 61, '3h1m'],
    [8 * hour + 61, '8h'],
    [47 * hour, '47h'],
    [2 * day + hour, '2d1h'],
    [8 * day + hour, '8d'],
    [400 * day, '400d'],
    [2 * 365 * day + day, '2y1d'],
    [9 * 365 * day, '9y'],
  ])('%d s: %s', (seconds, text) => {
    const created = '2026-11-30T12:00:00Z';
    expect(ageText(created, new Date(Date.parse(created) + seconds * 1_000))).toBe(text);
  });
});

describe('YAML quotes what would mean something else', () => {
  test.each([
    ['web', 'web'],
    ['10.254.10.128', '10.254.10.128'],
    ['a b', 'a b'],
    ['a: b', "'a: b'"],
    ['a:b', 'a:b'],
    ['a #b', "'a #b'"],
    ['-', "'-'"],
    ['-a', '-a'],
    ["it's", "it's"],
    ["'it'", "'''it'''"],
    ['*', "'*'"],
    [' a', "' a'"],
    ['', '""'],
    ['8080', '"8080"'],
    ['1e3', '"1e3"'],
    ['0x1f', '"0x1f"'],
    ['10:20', '"10:20"'],
    ['yes', '"yes"'],
    ['N', '"N"'],
    ['null', '"null"'],
    ['~', '"~"'],
    ['2026-11-30', '"2026-11-30"'],
    ['a\nb\n', '|\n  a\n  b'],
    ['a\nb', '|-\n  a\n  b'],
    ['\u001b[m', '"\\u001b[m"'],
    ['日本', '日本'],
  ])('%j is written as %j', (text, written) => {
    const yaml = yamlText({ key: text });
    expect(yaml).toBe(`key: ${written}\n`);
    expect(parse(yaml, { version: '1.1' })).toEqual({ key: text });
  });

  test('lists and mappings inside of each other', () => {
    const value = { b: [{ d: [1, [2, 3]], c: {} }, []], a: { text: 'x\ny\n' }, e: true, f: null };
    const yaml = 'a:\n  text: |\n    x\n    y\nb:\n- c: {}\n  d:\n  - 1\n  - - 2\n    - 3\n- []\ne: true\nf: null\n';
    expect(yamlText(value)).toBe(yaml);
    expect(parse(yaml)).toEqual(value);
  });
});

describe('a column ends where a line has no cell for it', () => {
  test('blocks are aligned on their own', () => {
    expect(alignTabs('a:\tb\nlonger:\tc\n\nd:\te\n', 2)).toBe('a:       b\nlonger:  c\n\nd:  e\n');
    expect(alignTabs('a\tb\tc\nlong\tx\nd\tlonger\te\n', 1)).toBe('a    b c\nlong x\nd    longer e\n');
  });
});

describe('JSONPath', () => {
  const object = { items: [{ n: 1, s: 'a' }, { n: 20, s: 'b' }, { s: 'c' }], map: { 'a.b': 'dotted' } };
  test.each([
    ['{.items[?(@.n>1)].s}', 'b'],
    ['{.items[?(@.n<=1)].s}', 'a'],
    ['{.items[?(@.n)].s}', 'a b'],
    ['{.items[?(@.s!="a")].s}', 'b c'],
    ['{.items[1:].s}', 'b c'],
    ['{.items..s}', 'a b c'],
    ["{.map['a.b']}", 'dotted'],
    ['{.map.a\\.b}', 'dotted'],
    ['{$.map.a\\.b}', 'dotted'],
    ['{range .items[*]}{.s}{"-"}{end}!', 'a-b-c-!'],
    ['{range .items[*]}{range .n}<{@}>{end}{end}', '<1><20>'],
    ['plain', 'plain'],
    ["{'}'}{.items[0]}", '}{"n":1,"s":"a"}'],
  ])('%s: %s', (template, text) => {
    expect(renderTemplate(parseTemplate(template), object)).toBe(text);
  });

  test.each([
    ['{.items', 'error parsing jsonpath {.items, unclosed action'],
    ['{range .items[*]}', 'unexpected end of range, missing {end}'],
    ['{end}', 'not in range, nothing to end'],
    ['{.items[x]}', 'unrecognized character in action: .items[x]'],
  ])('%s is refused', (template, message) => {
    expect(() => parseTemplate(template)).toThrow(new JsonPathError(message));
  });
});
