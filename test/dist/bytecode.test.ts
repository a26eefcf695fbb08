import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bytecodePath } from '../../src/startup/bytecode.js';
import { compilePart, type PartName } from '../../src/startup/load-program.js';
import { tunings } from '../../src/startup/tune-v8.js';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const cluster = fileURLToPath(new URL('../fixtures/tutorial.yaml', import.meta.url));

/** A copy of dist/ that the test may damage. */
let folder: string;
/** The id of its build. */
let id: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kproxy-test-'));
  await cp(dist, folder, { recursive: true });
  id = (await readdir(folder)).flatMap(name => /^commands\.([0-9a-f]+)-/.exec(name)?.slice(1) ?? [])[0] ?? '';
});
const pathOf = (part: PartName): string => bytecodePath({ folder, id }, part);
afterEach(() => rm(folder, { recursive: true }));

interface NodeProcess {
  readonly nodeOptions?: readonly string[];
  readonly argv: readonly string[];
}

async function outputOf({ nodeOptions = [], argv }: NodeProcess): Promise<string> {
  const kproxy = join(folder, 'kproxy.js');
  const env = { ...process.env, KPROXY_TUTORIAL_CLUSTER: folder };
  const { stdout } = await promisify(execFile)(process.execPath, [...nodeOptions, kproxy, ...argv], { env });
  return stdout;
}

/** Compiles a part in a Node of its own and returns whether V8 rejected the bytecode. */
async function isRejectedBy(...nodeOptions: readonly string[]): Promise<boolean> {
  const script = `
    const cachedData = require('node:fs').readFileSync(${JSON.stringify(pathOf('command-line'))}).subarray(0, -4);
    const source = require('node:fs').readFileSync('command-line.js', 'latin1');
    const { cachedDataRejected } = new (require('node:vm').Script)(source, { filename: 'command-line.js', cachedData });
    console.log(JSON.stringify(cachedDataRejected));`;
  const { stdout } = await promisify(execFile)(process.execPath, [...nodeOptions, '-e', script], { cwd: folder });
  return JSON.parse(stdout);
}

/** Runs kproxy and returns each part that it loads, with whether V8 rejected the bytecode. */
async function loadedParts(...argv: readonly string[]): Promise<Readonly<Record<string, boolean>>> {
  const hook = join(folder, 'print-parts.cjs');
  await writeFile(
    hook,
    `const vm = require('node:vm');
    const parts = {};
    vm.Script = class extends vm.Script {
      constructor(source, options) {
        super(source, options);
        parts[require('node:path').basename(options.filename, '.js')] = this.cachedDataRejected;
      }
    };
    process.on('exit', () => console.log('\\n' + JSON.stringify(parts)));`,
  );
  const output = await outputOf({ nodeOptions: ['--require', hook], argv });
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '');
}

/** Changes the version of V8 that the bytecode names. */
async function forgeVersion(part: PartName): Promise<void> {
  const bytecode = await readFile(pathOf(part));
  bytecode.writeUInt32LE(0, 4);
  await writeFile(pathOf(part), bytecode);
}

const partNames = ['command-line', 'commands', 'explain', 'kubectl', 'tutorial', 'yaml'] as const;
const noNode = ['--node', 'inajob', '--no-sudo', '--from', cluster];
const dryRun = ['sync', '--dry-run', '--full', ...noNode];
const explain = ['explain', 'chain', 'KUBE-FORWARD', '--as-desired', ...noNode];

test('dist holds a script and its bytecode for each part', async () => {
  const { arch, versions } = process;
  const parts = partNames.flatMap(part => [`${part}.${id}-${arch}-${versions.v8}.bytecode`, `${part}.js`]);
  const all = [...parts, 'THIRD-PARTY-LICENSES', 'cluster', 'kproxy.js', 'package.json', 'recorded'];
  expect((await readdir(dist)).sort()).toEqual(all.sort());
});

test.each(partNames)('the source of %s is ASCII, because it is read as Latin-1', async part => {
  expect(await readFile(join(dist, `${part}.js`), 'utf8')).not.toMatch(/[^\0-\x7f]/);
});

test('a module is in one part only: there is one class KproxyError, and one zod', async () => {
  const sources = await Promise.all(partNames.map(part => readFile(join(dist, `${part}.js`), 'latin1')));
  // esbuild makes a method of each module, under its path. One that takes the exports of another part calls part().
  const modules = sources.flatMap(source =>
    [
      ...source.matchAll(/"((?:src|node_modules)\/[^"]+)"\([^)]*\)\{(?!"use strict";\w+=part\(|\w+\.exports=part\()/g),
    ].map(([, path]) => path),
  );
  expect(modules).toEqual(expect.arrayContaining(['src/errors.ts', 'src/commands/sync.ts', 'src/commands/explain.ts']));
  expect(modules.filter((path, index) => modules.indexOf(path) !== index)).toEqual([]);
});

describe('V8', () => {
  test('accepts the bytecode of the build, with the flags with which each part is read', async () => {
    const accepted = { 'command-line': false, commands: false, explain: false, yaml: false };
    expect(await loadedParts(...explain)).toEqual(accepted);
  });

  test('rejects bytecode that was recorded with other flags of the compiler, such as those of tune-v8', async () => {
    expect(await isRejectedBy()).toBe(false);
    expect(await isRejectedBy('--no-opt')).toBe(true);
    const tuning = tunings.find(({ v8 }) => process.versions.v8.startsWith(v8));
    expect(await isRejectedBy(...(tuning?.flags ?? []))).toBe(tuning !== undefined);
    expect(await isRejectedBy(...(tuning?.defaults ?? []))).toBe(false);
  });

  test('rejects bytecode of another version of V8', async () => {
    await forgeVersion('command-line');
    expect(await isRejectedBy()).toBe(true);
  });

  test('rejects bytecode of a source of another length', async () => {
    await appendFile(join(folder, 'command-line.js'), ' ');
    expect(await isRejectedBy()).toBe(true);
  });
});

test('a stack names the parts, and not the folder that the build wrote to', async () => {
  const hook = join(folder, 'break-exit.cjs');
  // The last thing that a command does is to write its output.
  await writeFile(hook, `process.stdout.write = text => { if (text) process.stderr.write(new Error().stack); };`);
  const argv = ['--require', hook, join(folder, 'kproxy.js'), ...explain];
  const { stderr } = await promisify(execFile)(process.execPath, argv);
  expect(stderr).toMatch(/at runExplainPart \(kproxy\/explain\.js:\d+:\d+\)/);
  expect(stderr).toMatch(/at async .* \(kproxy\/command-line\.js:\d+:\d+\)/);
  expect(stderr).not.toContain('dist.new');
});

describe('without accepted bytecode the program runs from its source', () => {
  const ofEachPart = (damage: (part: PartName) => Promise<void>) => async () => {
    for (const part of partNames) await damage(part);
  };
  test.each<[string, () => Promise<void>, readonly string[]]>([
    ['other flags', async () => {}, ['--no-opt']],
    ['another version of V8', ofEachPart(forgeVersion), []],
    ['damaged bytecode', ofEachPart(part => writeFile(pathOf(part), 'not bytecode')), []],
    ['damaged bytecode of one part', () => writeFile(pathOf('commands'), 'not bytecode'), []],
    ['no bytecode', ofEachPart(part => rm(pathOf(part))), []],
  ])('%s', async (_, damage, nodeOptions) => {
    const usual = await outputOf({ argv: explain });
    expect(usual).toContain('KUBE-FORWARD');
    await damage();
    expect(await outputOf({ argv: explain, nodeOptions })).toBe(usual);
  });

  test.each([
    ['of another length', 'Changed: programs a Linux node'],
    ['of the same length', 'Changes a Linux node!'],
  ])('a source that was changed in place, %s', async (_, text) => {
    const path = join(folder, 'command-line.js');
    const source = await readFile(path, 'latin1');
    await writeFile(path, source.replaceAll('Programs a Linux node', text));
    expect(await outputOf({ argv: ['--help'] })).toContain(text);
  });

  test('bytecode with a single wrong byte anywhere is not used', async () => {
    const path = pathOf('command-line');
    const bytecode = await readFile(path);
    for (const place of [0, 100, Math.floor(bytecode.length / 2), bytecode.length - 5, bytecode.length - 1]) {
      const damaged = Buffer.from(bytecode);
      damaged.writeUInt8((damaged.at(place) ?? 0) ^ 1, place);
      await writeFile(path, damaged);
      expect(compilePart({ folder, id }, 'command-line').lacksBytecode).toBe(true);
    }
    await writeFile(path, bytecode);
    expect(compilePart({ folder, id }, 'command-line').lacksBytecode).toBe(false);
  });
});

describe('a Node that has no bytecode', () => {
  const removeAll = () => Promise.all(partNames.map(part => rm(pathOf(part), { force: true })));
  const bytecodes = async () => (await readdir(folder)).filter(name => name.endsWith('.bytecode')).sort();
  const names = (...parts: readonly PartName[]) => parts.map(part => basename(pathOf(part)));

  test('gets that of the parts that a command has loaded, and V8 accepts it', async () => {
    await removeAll();
    await outputOf({ argv: explain });
    expect(await bytecodes()).toEqual(names('command-line', 'commands', 'explain', 'yaml'));
    const accepted = { 'command-line': false, commands: false, explain: false, yaml: false };
    expect(await loadedParts(...explain)).toEqual(accepted);
  });

  test('gets it once: a later command leaves it', async () => {
    await removeAll();
    await outputOf({ argv: explain });
    const first = await readFile(pathOf('commands'));
    await outputOf({ argv: dryRun });
    expect(await readFile(pathOf('commands'))).toEqual(first);
  });

  test('gets none from help, which runs too little of the program', async () => {
    await removeAll();
    await outputOf({ argv: ['sync', '--help'] });
    expect(await bytecodes()).toEqual([]);
  });

  test('gets none with flags of the user, which V8 would reject without them', async () => {
    await removeAll();
    await outputOf({ argv: explain, nodeOptions: ['--no-opt'] });
    expect(await bytecodes()).toEqual([]);
  });

  test('works as well if the folder cannot be written', async () => {
    await removeAll();
    const usual = await outputOf({ argv: explain });
    await removeAll();
    // Root may write everywhere, but no file can take the place of a folder.
    for (const part of partNames) await mkdir(join(pathOf(part), 'taken'), { recursive: true });
    expect(await outputOf({ argv: explain })).toBe(usual);
    expect((await readdir(folder)).filter(name => /\.bytecode\.\d+$/.test(name))).toEqual([]);
  });
});

describe('a command loads only the parts that it needs', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['help', ['sync', '--help'], ['command-line']],
    ['a dry run', dryRun, ['command-line', 'commands', 'yaml']],
    ['explain', explain, ['command-line', 'explain', 'commands', 'yaml']],
    ["the lesson's kubectl", ['tutorial-kubectl', 'get', 'pods'], ['command-line', 'kubectl']],
  ])('%s', async (_, argv, parts) => {
    expect(Object.keys(await loadedParts(...argv))).toEqual(parts);
  });
});

describe('a command evaluates only the modules that it needs', () => {
  /** Runs kproxy and returns the names of Node's own modules that it has loaded at its end. */
  async function loadedModules(...argv: readonly string[]): Promise<string> {
    const hook = join(folder, 'print-modules.cjs');
    await writeFile(hook, `process.on('exit', () => console.log(process.moduleLoadList.join('\\n')));`);
    return outputOf({ nodeOptions: ['--require', hook], argv });
  }
  /** Loaded by node:vm, and so by every command that loads the program. */
  const vm = /^NativeModule vm$/m;
  /** Loaded by execa and by what reads from the network. */
  const files = /^NativeModule fs\/promises$/m;
  /** Loaded by what a cluster's node is programmed with, to set V8 up for it. */
  const v8 = /^NativeModule v8$/m;
  /** Loaded by the connection to the API server, in --watch. */
  const http = /^NativeModule _http_client$/m;

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
    expect(modules).not.toMatch(v8);
  });

  test('a dry run finds the modules that it imports late, and loads none of --watch', async () => {
    const modules = await loadedModules(...dryRun);
    expect(modules).toContain('ipvsadm');
    expect(modules).toMatch(v8);
    expect(modules).not.toMatch(http);
  });
});
