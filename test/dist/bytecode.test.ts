import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bytecodeIn, scriptIn } from '../../src/startup/load-program.js';
import { flags } from '../../src/startup/tune-v8.js';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
let folder: string;
const help = async (...options: readonly string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, [...options, join(folder, 'kproxy.js'), '--help']);
  return stdout;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kproxy-test-'));
  await cp(dist, folder, { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

test('V8 takes the bytecode that was built: of the first file under its own options, of the others under those that follow', async () => {
  const kept = (await readdir(folder)).filter(name => name.endsWith('.bytecode'));
  const others = kept.map(name => name.replace('.bytecode', '')).filter(name => name !== 'program');
  expect(others).toContain('sync');
  const inOrder = `
    const { readFileSync } = require('node:fs');
    const rejected = name => new (require('node:vm').Script)(readFileSync(name + '.js', 'latin1'),
      { filename: name + '.js', cachedData: readFileSync(name + '.bytecode') }).cachedDataRejected;
    const first = rejected('program');
    require('node:v8').setFlagsFromString(${JSON.stringify(flags)});
    console.log(JSON.stringify([first, ...${JSON.stringify(others)}.map(rejected)]));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', inOrder], { cwd: folder });
  expect(JSON.parse(stdout)).toEqual([false, ...others.map(() => false)]);
});

test('only what a command needs is loaded: without the others its files are enough', async () => {
  const few = await mkdtemp(join(tmpdir(), 'kproxy-few-'));
  for (const name of ['kproxy.js', 'program.js', 'package.json']) await cp(join(dist, name), join(few, name));
  const { stdout } = await promisify(execFile)(process.execPath, [join(few, 'kproxy.js'), 'sync', '--help']);
  expect(stdout).toContain('Usage: kproxy sync');
  await rm(few, { recursive: true });
});

test('all files are ASCII, which reading them as Latin-1 needs', async () => {
  for (const name of await readdir(folder))
    if (name.endsWith('.js')) expect(await readFile(join(folder, name), 'utf8')).not.toMatch(/[^\0-\x7f]/);
});

test('what is loaded late is found', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(folder, 'kproxy.js'),
    ...['sync', '--dry-run', '--full', '--node', 'inajob', '--no-sudo'],
    ...['--from', fileURLToPath(new URL('../fixtures/tutorial.yaml', import.meta.url))],
  ]);
  expect(stdout).toContain('ipvsadm');
});

test('what V8 does not take changes nothing: that of other options, of another version, none at all', async () => {
  const usual = await help();
  expect(usual).toContain('Usage: kproxy');
  expect(await help('--no-opt')).toBe(usual);
  const file = bytecodeIn(folder, './program.js');
  const bytecode = await readFile(file);
  bytecode.writeUInt32LE(0, 4);
  await writeFile(file, bytecode);
  expect(scriptIn(folder, './program.js').cachedDataRejected).toBe(true);
  expect(await help()).toBe(usual);
  await rm(file);
  expect(await help()).toBe(usual);
});
