import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bytecodeIn, scriptIn } from '../../src/load-program.js';

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

test('V8 takes the bytecode that was built', async () => {
  const script = scriptIn(folder, await readFile(bytecodeIn(folder)));
  expect(script.cachedDataRejected).toBe(false);
});

test('the program is ASCII, which reading it as Latin-1 needs', async () => {
  expect(await readFile(join(folder, 'program.js'), 'utf8')).not.toMatch(/[^\0-\x7f]/);
});

test('what V8 does not take changes nothing: that of other options, of another version, none at all', async () => {
  const usual = await help();
  expect(usual).toContain('Usage: kproxy');
  expect(await help('--no-opt')).toBe(usual);
  const file = bytecodeIn(folder);
  const bytecode = await readFile(file);
  bytecode.writeUInt32LE(0, 4);
  await writeFile(file, bytecode);
  expect(scriptIn(folder, bytecode).cachedDataRejected).toBe(true);
  expect(await help()).toBe(usual);
  await rm(file);
  expect(await help()).toBe(usual);
});
