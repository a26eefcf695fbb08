import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { folderWith } from '../cli/support/folder.js';

const script = new URL('../../scripts/publishable.js', import.meta.url).pathname;
const publishing = (packageJson: object) => {
  const cwd = folderWith({ 'package.json': JSON.stringify(packageJson) })();
  const { status, stderr } = spawnSync(process.execPath, [script], { cwd, encoding: 'utf8' });
  return { status, stderr };
};

test('a package that does not say where its source is is not published', () => {
  const { status, stderr } = publishing({ homepage: 'https://kproxy.example' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^package.json lacks repository, bugs: nothing was published\.\n/);
  expect(stderr).toMatch(/\n {2}npm pkg set repository\.url=URL bugs\.url=URL\n$/);
});

test('one that says so is', () => {
  const url = 'https://kproxy.example';
  expect(publishing({ repository: { url }, bugs: { url }, homepage: url })).toEqual({ status: 0, stderr: '' });
});
