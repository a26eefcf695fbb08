// Packs and installs the program in a copy of the sources, and never touches this machine's own folders.
import { execFile, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { builtProgram, programInPath } from '../kernel/support/control-plane.js';

const project = new URL('../../', import.meta.url).pathname;
const { version, bin } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
const name = `kproxy-${version}`;

const work = mkdtempSync(join(tmpdir(), 'kproxy-package-'));
afterAll(() => rmSync(work, { recursive: true }));
const hasGit = programInPath('git') !== undefined;
/** A clean clone. */
const clone = join(work, 'clone');
/** The folder of the release, of a second clone. */
const out = join(work, 'out');

interface Run {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}
function run(argv: readonly string[], { cwd = clone, env = {} }: Run = {}) {
  const [file = '', ...words] = argv;
  const options = { cwd, env: { ...process.env, ...env }, encoding: 'utf8', timeout: 60_000 } as const;
  const { status, stdout, stderr } = spawnSync(file, words, options);
  return { status, stdout, stderr };
}
function succeed(argv: readonly string[], options?: Run): string {
  const { status, stdout, stderr } = run(argv, options);
  expect({ argv, status, stderr: status === 0 ? '' : stderr }).toEqual({ argv, status: 0, stderr: '' });
  return stdout;
}
const filesIn = (folder: string): readonly string[] =>
  existsSync(folder) ? (readdirSync(folder, { recursive: true }) as string[]).sort() : [];

/** Makes a repository of one commit with the sources as they are here. */
function makeClone(): void {
  const paths = [
    'src',
    'scripts',
    'test/support',
    'package.json',
    'package-lock.json',
    'README.md',
    'LICENSE',
    '.gitignore',
  ];
  for (const path of paths) cpSync(join(project, path), join(clone, path), { recursive: true });
  const git = ['git', '-c', 'user.name=Test', '-c', 'user.email=test@kproxy.example', '-c', 'commit.gpgsign=false'];
  succeed(['git', 'init', '-q']);
  succeed([...git, 'add', '-A']);
  succeed([...git, 'commit', '-q', '-m', 'Release']);
}

/** Gives a clone the packages that npm ci would install. */
function addPackages(folder: string): void {
  // Links take no time and no space, but only on the same file system.
  const copied = (how: string) => spawnSync('cp', [how, join(project, 'node_modules'), folder]).status === 0;
  if (!copied('-al')) copied('-a');
}

/** Waits for a command while others run. */
const finish = ([file = '', ...words]: readonly string[], { cwd = clone, env = {} }: Run = {}) =>
  promisify(execFile)(file, words, { cwd, env: { ...process.env, ...env }, timeout: 60_000 });

const npm = {
  env: { npm_config_cache: join(work, 'npm'), npm_config_offline: 'true', npm_config_update_notifier: '' },
};

beforeAll(async () => {
  if (!hasGit) return;
  mkdirSync(clone);
  makeClone();
  const second = join(work, 'second');
  succeed(['git', 'clone', '-q', clone, second]);
  for (const folder of [clone, second]) addPackages(folder);
  await Promise.all([
    finish(['npm', 'pack', '--silent', '--pack-destination', work], npm),
    finish(['sh', '-c', 'umask 077; scripts/release.sh "$0"', out], { cwd: second, env: { TZ: 'Asia/Tokyo' } }),
  ]);
});

describe.skipIf(!hasGit)('the npm package', () => {
  const tarball = join(work, `kproxy-kproxy-${version}.tgz`);

  test('of a clone that was never built has the program and the licenses, and no bytecode', () => {
    const files = succeed(['tar', '-tzf', tarball]).split('\n');
    const expected = ['LICENSE', 'README.md', 'package.json', 'dist/kproxy.js', 'dist/THIRD-PARTY-LICENSES'];
    expect(files).toEqual(expect.arrayContaining(expected.map(file => `package/${file}`)));
    expect(files.filter(file => /bytecode|^package\/(src|test|scripts)\//.test(file))).toEqual([]);
  });

  test('is as publint asks', async () => {
    const { buffer } = new Uint8Array(readFileSync(tarball));
    expect((await publint({ pack: { tarball: buffer }, strict: true })).messages).toEqual([]);
  });

  test('needs no other package', () => {
    const packed = JSON.parse(succeed(['tar', '-xzOf', tarball, 'package/package.json']));
    expect(packed).toMatchObject({ name: '@kproxy/kproxy', license: 'Apache-2.0' });
    for (const field of ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies'])
      expect(packed).not.toHaveProperty(field);
  });

  test('installs commands that work, and is removed without a trace', () => {
    const prefix = join(work, 'npm-prefix');
    const global = ['--global', '--prefix', prefix, '--silent'];
    succeed(['npm', 'install', ...global, tarball], npm);
    expect(readdirSync(join(prefix, 'bin')).sort()).toEqual(Object.keys(bin).sort());
    for (const command of Object.keys(bin))
      expect(succeed([join(prefix, 'bin', command), '--version'])).toBe(`${version}\n`);
    succeed(['npm', 'uninstall', ...global, '@kproxy/kproxy'], npm);
    // npm keeps the folder of the scope.
    expect(filesIn(prefix).filter(path => path.includes('kproxy'))).toEqual(['lib/node_modules/@kproxy']);
  });
});

describe.skipIf(!hasGit)('the release', () => {
  const archive = join(out, `${name}.tar.gz`);

  const unpacked = join(work, 'compared');

  test('has its checksum', () => {
    expect(readdirSync(out).sort()).toEqual([`${name}.tar.gz`, `${name}.tar.gz.sha256`]);
    expect(succeed(['sha256sum', '-c', `${name}.tar.gz.sha256`], { cwd: out })).toBe(`${name}.tar.gz: OK\n`);
  });

  test('has what another build of this commit has, elsewhere and by another user, to the byte', () => {
    mkdirSync(unpacked);
    succeed(['tar', '-xzf', archive, '-C', unpacked, '--strip-components', '1']);
    succeed(['diff', '-r', '--exclude', '*.bytecode', join(clone, 'dist'), join(unpacked, 'dist')]);
    expect(readdirSync(unpacked).sort()).toEqual(['LICENSE', 'README.md', 'SHA256SUMS', 'dist', 'install.sh']);
  });

  test('is sorted, belongs to root, and has the time of the commit and no bytecode', () => {
    const lines = succeed(['tar', '--numeric-owner', '--utc', '-tvzf', archive], { env: { TZ: 'UTC' } })
      .trim()
      .split('\n');
    const time = succeed(['git', 'log', '-1', '--date=format-local:%Y-%m-%d %H:%M', '--format=%cd'], {
      env: { TZ: 'UTC' },
    });
    for (const line of lines)
      expect(line).toMatch(new RegExp(`^[-d]rw[x-]r-[x-]r-[x-] 0/0 .* ${time.trim()} ${name}/`));
    expect(lines.filter(line => line.includes('bytecode'))).toEqual([]);
    const paths = lines.map(line => line.split(' ').at(-1) ?? '');
    expect(paths).toEqual([...paths].sort());
    // gzip writes the time of the file, or none.
    expect(readFileSync(archive).readUInt32LE(4)).toBe(0);
  });

  test('is refused of what is not committed', () => {
    const change = join(clone, 'src', 'new.ts');
    writeFileSync(change, '');
    const { status, stderr } = run(['scripts/release.sh', join(work, 'refused')]);
    rmSync(change);
    expect(status).toBe(1);
    expect(stderr).toMatch(/not committed .*: no release was made/);
    expect(existsSync(join(work, 'refused'))).toBe(false);
  });
});

describe.skipIf(!hasGit)('install.sh', () => {
  /** Stands for the root of the machine. */
  let root: string;
  let release: string;
  beforeEach(() => {
    root = mkdtempSync(join(work, 'root-'));
    release = join(mkdtempSync(join(work, 'unpacked-')), name);
    succeed(['tar', '-xzf', join(out, `${name}.tar.gz`), '-C', dirname(release)]);
  });
  const at = (path: string): string => join(root, path);
  const install = (words: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
    run([join(release, 'install.sh'), ...words], { env: { DESTDIR: root, ...env } });
  const uninstall = (prefix = 'usr/local') =>
    run([at(`${prefix}/lib/kproxy/current/install.sh`), '--uninstall'], { env: { DESTDIR: root } });
  const done = { status: 0, stderr: '' };

  test('installs commands that work, and leaves nothing when it removes them', () => {
    expect(install()).toMatchObject(done);
    expect(readdirSync(at('usr/local/bin')).sort()).toEqual(Object.keys(bin).sort());
    for (const command of Object.keys(bin))
      expect(succeed([at(`usr/local/bin/${command}`), '--version'])).toBe(`${version}\n`);
    // A command that writes bytecode.
    const cluster = join(project, 'src/tutorial/cluster');
    succeed([at('usr/local/bin/kproxy'), 'endpoints', '-A', '-o', 'json', '--from', cluster]);
    mkdirSync(at('run/kproxy/lock'), { recursive: true });
    writeFileSync(at('run/kproxy/lock/1'), '');
    expect(filesIn(root).filter(path => path.endsWith('.bytecode'))).not.toEqual([]);
    expect(uninstall()).toMatchObject(done);
    expect(filesIn(root)).toEqual(['run']);
  });

  test('the line of the README installs it', () => {
    const [line = ''] = /^sha256sum -c .*$/m.exec(readFileSync(join(project, 'README.md'), 'utf8')) ?? [];
    const downloads = mkdtempSync(join(work, 'downloads-'));
    cpSync(out, downloads, { recursive: true });
    expect(line).toContain(' sudo ');
    succeed(['sh', '-ec', line.replace(' sudo ', ' ')], { cwd: downloads, env: { DESTDIR: root } });
    expect(succeed([at('usr/local/bin/kproxy'), '--version'])).toBe(`${version}\n`);
  });

  test('keeps what others have in the same folders', () => {
    mkdirSync(at('opt/bin'), { recursive: true });
    for (const path of ['opt/bin/other-kproxy', 'opt/bin/kproxy-tool']) writeFileSync(at(path), '');
    symlinkSync('/bin/true', at('opt/bin/my-kproxy'));
    const before = filesIn(root);
    expect(install(['--prefix', '/opt'])).toMatchObject(done);
    expect(uninstall('opt')).toMatchObject(done);
    expect(filesIn(root)).toEqual(before);
  });

  test('replaces an older version, also one that was copied by hand, wholly', () => {
    mkdirSync(at('usr/local/lib/kproxy/recorded'), { recursive: true });
    mkdirSync(at('usr/local/bin'));
    for (const file of ['kproxy.js', 'gone.js', 'recorded/gone.json', '.gone'])
      writeFileSync(at(`usr/local/lib/kproxy/${file}`), '');
    symlinkSync('/usr/local/lib/kproxy/kproxy.js', at('usr/local/bin/kproxy'));
    symlinkSync('../lib/kproxy/current/dist/gone.js', at('usr/local/bin/gone-kproxy'));
    expect(install()).toMatchObject(done);
    expect(install()).toMatchObject(done);
    const installed = readlinkSync(at('usr/local/lib/kproxy/current'));
    expect(readdirSync(at('usr/local/lib/kproxy')).sort()).toEqual([installed, 'current', 'made-folders'].sort());
    expect(readdirSync(at('usr/local/bin')).sort()).toEqual(Object.keys(bin).sort());
    const files = filesIn(release);
    expect(filesIn(at(`usr/local/lib/kproxy/${installed}`))).toEqual(files);
    expect(succeed([at('usr/local/bin/kproxy'), '--version'])).toBe(`${version}\n`);
  });

  test('killed at any step, leaves a version that works, and the next run finishes', () => {
    const programs = mkdtempSync(join(work, 'programs-'));
    // Each program kills the installer instead of doing its work, at one call of all.
    const text = `#!/bin/sh
echo >>"$CALLS"
[ "$(wc -l <"$CALLS")" = "$LAST" ] && kill -9 "$PPID" && exit
exec "/bin/\${0##*/}" "$@"
`;
    for (const program of ['mv', 'rm']) writeFileSync(join(programs, program), text, { mode: 0o755 });
    expect(install()).toMatchObject(done);
    let last = 0;
    for (let status: number | null = null; status === null; ) {
      last += 1;
      const calls = join(programs, `calls-${last}`);
      ({ status } = install([], { PATH: `${programs}:${process.env.PATH}`, CALLS: calls, LAST: String(last) }));
      expect(run([at('usr/local/bin/kproxy'), '--version'])).toMatchObject({ ...done, stdout: `${version}\n` });
    }
    expect(last).toBeGreaterThan(5);
    expect(readdirSync(at('usr/local/lib/kproxy'))).toHaveLength(3);
    expect(readdirSync(at('usr/local/bin'))).toHaveLength(Object.keys(bin).length);
    expect(uninstall()).toMatchObject(done);
    expect(filesIn(root)).toEqual([]);
  });

  test('leaves the older version if the new one is damaged, incomplete or does not start', () => {
    expect(install()).toMatchObject(done);
    const before = filesIn(root);
    const refused = (stderr: RegExp) => {
      expect(install()).toMatchObject({ status: 1, stderr: expect.stringMatching(stderr) });
      expect(filesIn(root)).toEqual(before);
    };
    appendFileSync(join(release, 'dist/commands.js'), ' ');
    refused(/^dist\/commands\.js: FAILED\n.*The release is damaged\. Nothing was installed\./);
    rmSync(join(release, 'dist/commands.js'));
    refused(/The release is not complete\. Nothing was installed\./);
    writeFileSync(join(release, 'dist/kproxy.js'), 'throw 1');
    writeFileSync(
      join(release, 'SHA256SUMS'),
      succeed(['sha256sum', 'install.sh', 'dist/kproxy.js'], { cwd: release }),
    );
    refused(/This version does not start\. Nothing was installed\./);
  });

  test('a first installation that fails leaves nothing', () => {
    rmSync(join(release, 'LICENSE'));
    expect(install()).toMatchObject({ status: 1 });
    expect(filesIn(root)).toEqual([]);
  });

  test.each([
    ['v19.9.0', 1],
    ['v8.17.0', 1],
    ['v20.0.0', 0],
    ['v100.0.0', 0],
  ])('Node %s ends with %d', (nodeVersion, status) => {
    const folder = mkdtempSync(join(work, 'node-'));
    const text = `#!/bin/sh\n[ "$1" = --version ] && echo ${nodeVersion} && exit\nexec '${process.execPath}' "$@"\n`;
    writeFileSync(join(folder, 'node'), text, { mode: 0o755 });
    const result = install([], { PATH: `${folder}:${process.env.PATH}` });
    expect(result.status).toBe(status);
    if (status === 1) expect(result.stderr).toContain(`is Node ${nodeVersion}, and kproxy needs Node 20 or later.`);
    if (status === 1) expect(filesIn(root)).toEqual([]);
  });

  test('touches neither a program nor a folder of others', () => {
    mkdirSync(at('usr/local/bin'), { recursive: true });
    symlinkSync('../lib/node_modules/@kproxy/kproxy/dist/kproxy.js', at('usr/local/bin/kproxy'));
    mkdirSync(at('opt/lib/kproxy'), { recursive: true });
    writeFileSync(at('opt/lib/kproxy/data'), '');
    const before = filesIn(root);
    expect(install().stderr).toMatch(/bin\/kproxy is not from this installer\. Nothing was installed\./);
    expect(install(['--prefix', '/opt']).stderr).toMatch(/lib\/kproxy is not a folder of kproxy\./);
    expect(install(['--uninstall', '--prefix', '/opt']).stderr).toMatch(/lib\/kproxy is not a folder of kproxy\./);
    expect(install(['--uninstall'])).toMatchObject({ ...done, stdout: 'kproxy is not installed in /usr/local.\n' });
    expect(filesIn(root)).toEqual(before);
  });

  test('removes nothing while a kproxy is at work', () => {
    expect(install()).toMatchObject(done);
    mkdirSync(at('run/kproxy/lock'), { recursive: true });
    const before = filesIn(root);
    const script = at('usr/local/lib/kproxy/current/install.sh');
    const whileLocked = ['flock', at('run/kproxy/lock/1'), script, '--uninstall'];
    const { status, stderr } = run(whileLocked, { env: { DESTDIR: root } });
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('A kproxy is at work') });
    expect(filesIn(root).filter(path => path !== 'run/kproxy/lock/1')).toEqual(before);
    expect(uninstall()).toMatchObject(done);
  });

  test('changes nothing for a user who may not', () => {
    expect(install()).toMatchObject(done);
    const before = filesIn(root);
    for (const folder of [work, root, dirname(release)]) chmodSync(folder, 0o755);
    const user = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
    // Without root the folders belong to this user.
    if (user.length === 0) for (const folder of ['bin', 'lib/kproxy']) chmodSync(at(`usr/local/${folder}`), 0o555);
    const script = join(release, 'install.sh');
    const attempt = (...words: string[]) => run([...user, script, ...words], { env: { DESTDIR: root } });
    const refused = (result: RegExp) => ({ status: 1, stderr: expect.stringMatching(result) });
    expect(attempt()).toMatchObject(refused(/may not write to .*\. Nothing was installed\. Run this with sudo/));
    expect(attempt('--uninstall')).toMatchObject(refused(/may not write to .*\. Nothing was removed\. Run this with/));
    expect(filesIn(root)).toEqual(before);
    if (user.length === 0) for (const folder of ['bin', 'lib/kproxy']) chmodSync(at(`usr/local/${folder}`), 0o755);
  });

  test.each(['relative', ''])('does not take "%s" for a prefix', prefix => {
    expect(install(['--prefix', prefix])).toMatchObject({ status: 1, stderr: expect.stringMatching(/absolute path/) });
    expect(filesIn(root)).toEqual([]);
  });

  const kubectl = builtProgram('kubectl') ?? programInPath('kubectl');
  test.skipIf(kubectl === undefined)('kubectl finds the plugin', () => {
    expect(install()).toMatchObject(done);
    const env = { PATH: `${at('usr/local/bin')}:${process.env.PATH}` };
    const plugin = (...words: string[]) => succeed([kubectl ?? '', 'kproxy', ...words], { env });
    expect(plugin('--version')).toBe(`${version}\n`);
    expect(plugin('status', '--help')).toMatch(/^Usage: kubectl kproxy status /);
  });
});

test('no text tells people to run the package that has the name of the command', () => {
  const folders = ['src', 'scripts', 'test'].flatMap(folder =>
    filesIn(join(project, folder)).map(path => `${folder}/${path}`),
  );
  const pages = ['README.md', 'package.json', ...folders].filter(path => /\.(md|json|sh|js|ts)$/.test(path));
  const texts = pages.map(path => ({ path, text: readFileSync(join(project, path), 'utf8') }));
  const wrong = /\bnpx (-\S+ )*kproxy\b|\bnpm (i|install|exec)( -\S+)* kproxy\b/;
  expect(texts.filter(({ text }) => wrong.test(text)).map(({ path }) => path)).toEqual([]);
});
