import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const project = new URL('../../', import.meta.url).pathname;
const read = (path: string): string => readFileSync(join(project, path), 'utf8');
const matches = (pattern: RegExp, text: string): readonly string[] =>
  [...new Set([...text.matchAll(pattern)].map(match => match[1] ?? ''))].sort();

/** Returns the paths between backticks, such as `proxy/rules/jumps.ts`. `NAME` and `ACT` stand for new ones. */
const pathsIn = (page: string): readonly string[] =>
  matches(/`(\w[\w.-]*\/[\w./-]*)`/g, read(page)).filter(path => !/NAME|ACT/.test(path));

const namesIn = (folder: string): readonly string[] =>
  readdirSync(join(project, folder), { encoding: 'utf8', recursive: true });

test.each(['src', 'src/tutorial', 'test'])('%s/README.md names files and folders that exist', folder => {
  const paths = pathsIn(`${folder}/README.md`).map(path => path.replace(/\/$/, ''));
  const names = namesIn(folder);
  const isMissing = (path: string) =>
    !existsSync(join(project, path)) && !names.some(name => `/${name}`.endsWith(`/${path}`));
  expect(paths.length).toBeGreaterThan(5);
  expect(paths.filter(isMissing)).toEqual([]);
});

test('src/README.md has a row for each room', () => {
  const entries = readdirSync(join(project, 'src'), { withFileTypes: true });
  const rooms = entries.filter(entry => entry.isDirectory()).map(({ name }) => name);
  const firstCells = matches(/^\| (.*?) +\|/gm, read('src/README.md')).join(' ');
  expect(rooms.length).toBeGreaterThan(5);
  expect(rooms.filter(room => !firstCells.includes(`\`${room}/\``))).toEqual([]);
});

test('test/README.md explains every environment variable that tests and scripts read', () => {
  const files = ['test', 'scripts'].flatMap(folder => namesIn(folder).map(name => join(folder, name)));
  const sources = files.filter(file => /\.(ts|js|mjs|sh)$/.test(file)).map(read);
  const variables = matches(/\b(KPROXY_[A-Z_]+)/g, sources.join('\n'));
  expect(variables.length).toBeGreaterThan(5);
  expect(matches(/\b(KPROXY_[A-Z_]+)/g, read('test/README.md'))).toEqual(variables);
});
