import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { table } from '../../src/table.js';

const script = fileURLToPath(new URL('../../scripts/lint/tables.js', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function lint(text: string) {
  writeFileSync(join(folder, 'table.ts'), text);
  const { status, stderr } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
  return { status, stderr: stderr.replaceAll(`${folder}/`, '') };
}

describe('the lint rule for tables', () => {
  test.each([
    ["const words: Readonly<Record<string, string>> = { a: 'b' };", 'words'],
    ['export const words: Record<string, () => void> = {\n  a: () => {},\n};', 'words'],
    ['const words: Readonly<Record<string, Readonly<Record<number, string>>>> = {};', 'words'],
    ["const words: Readonly<Record<string, boolean>> = Object.fromEntries([['a', true]]);", 'words'],
  ])('finds %s', (text, name) => {
    expect(lint(`// A line.\n${text}\n`)).toEqual({
      status: 1,
      stderr:
        `table.ts:2: ${name} is a plain object\n` +
        'Tables that have keys like "constructor": 1. Make them with table() of src/table.ts.\n',
    });
  });

  test.each([
    "const words: Table<string> = table({ a: 'b' });",
    "const words: Readonly<Record<'a', string>> = { a: 'b' };",
    'const words = (all: Readonly<Record<string, string>> = {}) => all;',
    'const words: ReadonlyMap<string, string> = new Map();',
  ])('does not mind %s', text => {
    expect(lint(`${text}\n`)).toEqual({ status: 0, stderr: '' });
  });
});

test('a table has no key but its own', () => {
  const words = table({ own: 'yes' });
  const found = ['own', 'constructor', '__proto__', 'toString', 'valueOf'].map(name => words[name]);
  expect(found).toEqual(['yes', ...Array(4).fill(undefined)]);
});
