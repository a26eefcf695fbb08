import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bytecodePath, compileProgram } from '../../src/startup/load-program.js';
import { flags } from '../../src/startup/tune-v8.js';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const cluster = fileURLToPath(new URL('../fixtures/tutorial.yaml', import.meta.url));

/** A copy of dist/ that the test may damage. */
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kproxy-test-'));
  await cp(dist, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

interface NodeProcess {
  readonly nodeOptions?: readonly string[];
  readonly argv: readonly string[];
}

async function outputOf({ nodeOptions = [], argv }: NodeProcess): Promise<string> {
  const kproxy = join(folder, 'kproxy.js');
  const { stdout } = await promisify(execFile)(process.execPath, [...nodeOptions, kproxy, ...argv]);
  return stdout;
}

/** Compiles program.js in a Node of its own and returns whether V8 rejected the bytecode. */
async function isRejectedBy(...nodeOptions: readonly string[]): Promise<boolean> {
  const script = `
    const cachedData = require('node:fs').readFileSync('program.bytecode');
    const source = require('node:fs').readFileSync('program.js', 'latin1');
    const { cachedDataRejected } = new (require('node:vm').Script)(source, { filename: 'program.js', cachedData });
    console.log(JSON.stringify(cachedDataRejected));`;
  const { stdout } = await promisify(execFile)(process.execPath, [...nodeOptions, '-e', script], { cwd: folder });
  return JSON.parse(stdout);
}

/** Changes the version of V8 that the bytecode names. */
async function forgeVersion(): Promise<void> {
  const bytecode = await readFile(bytecodePath(folder));
  bytecode.writeUInt32LE(0, 4);
  await writeFile(bytecodePath(folder), bytecode);
}

test('dist holds one program and one bytecode file', async () => {
  expect((await readdir(dist)).sort()).toEqual(['kproxy.js', 'package.json', 'program.bytecode', 'program.js']);
});

test('the source is ASCII, because it is read as Latin-1', async () => {
  expect(await readFile(join(dist, 'program.js'), 'utf8')).not.toMatch(/[^\0-\x7f]/);
});

describe('V8', () => {
  test('accepts the bytecode of the build', async () => {
    expect(await isRejectedBy()).toBe(false);
  });

  test('rejects bytecode that was recorded with other flags, such as those of tune-v8', async () => {
    expect(await isRejectedBy('--no-opt')).toBe(true);
    expect(await isRejectedBy(...flags.split(' '))).toBe(true);
  });

  test('rejects bytecode of another version of V8', async () => {
    await forgeVersion();
    expect(await isRejectedBy()).toBe(true);
    expect(compileProgram(folder).cachedDataRejected).toBe(true);
  });

  test('rejects bytecode of a source of another length', async () => {
    await appendFile(join(folder, 'program.js'), ' ');
    expect(await isRejectedBy()).toBe(true);
  });
});

describe('without accepted bytecode the program runs from its source', () => {
  const argv = ['--help'];
  test.each<[string, () => Promise<void>, readonly string[]]>([
    ['other flags', async () => {}, ['--no-opt']],
    ['another version of V8', forgeVersion, []],
    ['damaged bytecode', () => writeFile(bytecodePath(folder), 'not bytecode'), []],
    ['no bytecode', () => rm(bytecodePath(folder)), []],
  ])('%s', async (_, damage, nodeOptions) => {
    const usual = await outputOf({ argv });
    expect(usual).toContain('Usage: kproxy');
    await damage();
    expect(await outputOf({ argv, nodeOptions })).toBe(usual);
  });

  test('a changed source', async () => {
    const path = join(folder, 'program.js');
    const source = await readFile(path, 'latin1');
    await writeFile(path, source.replaceAll('Programs a Linux node', 'Changed: programs a Linux node'));
    expect(await outputOf({ argv })).toContain('Changed: programs a Linux node');
  });
});

describe('a command evaluates only the modules that it needs', () => {
  /** Runs kproxy and returns the names of Node's own modules that it has loaded at its end. */
  async function loadedModules(...argv: readonly string[]): Promise<string> {
    const hook = join(folder, 'print-modules.cjs');
    await writeFile(hook, `process.on('exit', () => console.log(process.moduleLoadList.join('\\n')));`);
    return outputOf({ nodeOptions: ['--require', hook], argv });
  }
  /** Loaded by node:vm, and so by every command that loads program.js. */
  const vm = /^NativeModule vm$/m;
  /** Loaded by execa and by the modules that read a cluster. */
  const files = /^NativeModule fs\/promises$/m;
  /** Loaded by the health server of --watch. */
  const httpServer = /^NativeModule _http_server$/m;

  test('--version does not load the program', async () => {
    const modules = await loadedModules('--version');
    expect(modules).toMatch(/^NativeModule fs$/m);
    expect(modules).not.toMatch(files);
  });

  test('help loads nothing that reads a cluster or runs a tool', async () => {
    const modules = await loadedModules('sync', '--help');
    expect(modules).toContain('Usage: kproxy sync');
    expect(modules).toMatch(vm);
    expect(modules).not.toMatch(files);
  });

  test('a dry run finds the modules that it imports late, and loads none of --watch', async () => {
    const options = ['--full', '--node', 'inajob', '--no-sudo', '--from', cluster];
    const modules = await loadedModules('sync', '--dry-run', ...options);
    expect(modules).toContain('ipvsadm');
    expect(modules).toMatch(files);
    expect(modules).not.toMatch(httpServer);
  });
});
