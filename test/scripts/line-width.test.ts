import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const project = fileURLToPath(new URL('../../', import.meta.url));
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kproxy-lint-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function checkWidths() {
  const argv = ['scripts/lint/line-width.js', folder];
  const { status, stderr } = spawnSync(process.execPath, argv, { cwd: project, encoding: 'utf8' });
  return { status, lines: stderr.split('\n').filter(Boolean) };
}

test('lines as wide as the formatter allows pass, counted in characters', () => {
  writeFileSync(join(folder, 'a.ts'), `// ${'x'.repeat(117)}\n// ${'😀'.repeat(117)}\n`);
  expect(checkWidths()).toEqual({ status: 0, lines: [] });
});

test('a wider line is reported with its place, in folders too', () => {
  mkdirSync(join(folder, 'inner'));
  writeFileSync(join(folder, 'inner', 'b.js'), `\n// ${'x'.repeat(118)}\n`);
  expect(checkWidths()).toEqual({
    status: 1,
    lines: [
      `${folder}/inner/b.js:2: 121 characters, at most 120 are allowed`,
      'Lines that are too wide: 1. Break these comments and strings into several lines.',
    ],
  });
});

test('other files are not checked', () => {
  writeFileSync(join(folder, 'data.json'), 'x'.repeat(500));
  expect(checkWidths()).toEqual({ status: 0, lines: [] });
});
