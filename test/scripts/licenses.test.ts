import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { folderWith } from '../cli/support/folder.js';

const project = new URL('../../', import.meta.url);

/** Runs scripts/build/licenses.js on the packages of these modules, which are in a folder of their own. */
function licensesOf(modules: readonly string[], files: Readonly<Record<string, string>>) {
  const script = `
    import { licensesText, packageFolders } from ${JSON.stringify(new URL('scripts/build/licenses.js', project).href)};
    const folders = packageFolders(${JSON.stringify(modules)});
    try {
      console.log(JSON.stringify({ folders, text: await licensesText(folders) }));
    } catch ({ message }) {
      console.log(JSON.stringify({ folders, message }));
    }`;
  const argv = ['--input-type=module', '--eval', script];
  const { stdout } = spawnSync(process.execPath, argv, { cwd: folderWith(files)(), encoding: 'utf8' });
  return JSON.parse(stdout) as { folders: readonly string[]; text?: string; message?: string };
}

const packageJson = (name: string, license?: string): string => JSON.stringify({ name, version: '1.2.3', license });

test('a package is the nearest one around a module, and named once', () => {
  const files = {
    'node_modules/a/package.json': packageJson('a', 'MIT'),
    'node_modules/a/LICENSE': '\r\n  Text of a\r\n  second line\r\n',
    'node_modules/a/node_modules/@b/c/package.json': packageJson('@b/c', 'Apache-2.0'),
    'node_modules/a/node_modules/@b/c/licence.md': 'Text of c\n',
    'node_modules/a/node_modules/@b/c/NOTICE': 'Made by c\n',
  };
  const modules = [
    'src/main.ts',
    'node_modules/a/index.js',
    'node_modules/a/lib/other.js',
    'node_modules/a/node_modules/@b/c/index.js',
  ];
  const { folders, text } = licensesOf(modules, files);
  expect(folders).toEqual(['node_modules/a', 'node_modules/a/node_modules/@b/c']);
  expect(text).toContain('a 1.2.3\nLicense: MIT\n\n  Text of a\n  second line\n');
  expect(text).toContain('@b/c 1.2.3\nLicense: Apache-2.0\n\nText of c\n\nMade by c\n');
});

test.each<[string, string | undefined, string, string]>([
  ['names no license', undefined, 'LICENSE', 'package.json of a 1.2.3 names no license.'],
  ['is unlicensed', 'UNLICENSED', 'LICENSE', 'package.json of a 1.2.3 names no license.'],
  ['has no license text', 'MIT', 'LICENSES.js', 'a 1.2.3 has no file with its license.'],
])('the build fails if a package %s', (_, license, file, problem) => {
  const files = { 'node_modules/a/package.json': packageJson('a', license), [`node_modules/a/${file}`]: 'Text\n' };
  const { text, message } = licensesOf(['node_modules/a/index.js'], files);
  expect(text).toBeUndefined();
  expect(message).toMatch(`node_modules/a: ${problem}\nNothing was built.`);
});
