import { describe, expect, test } from 'vitest';
import { version } from '../../src/version.js';
import { kproxy } from './support/run-cli.js';

const flagsIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/(?<![\w-])--?[a-zA-Z][a-z-]*/g)].map(([flag]) => flag)),
];

/** Returns the flags in the list of options: `-n` and `--namespace` of `-n, --namespace <name>`. */
const optionsIn = (help: string): readonly string[] =>
  help
    .split('\n')
    .filter(line => /^ {2}-/.test(line))
    .flatMap(line => flagsIn(line.trim().split(/ {2,}/)[0] ?? ''));

const commandsIn = (help: string): readonly string[] => {
  const [, list = ''] = /^Commands:\n((?: {2}.*\n)+)/m.exec(help) ?? [];
  return [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name).filter(name => name !== 'help');
};

const top = await kproxy(['--help']);
const commands = commandsIn(top.stdout);
const { stdout: syncHelp } = await kproxy(['sync', '--help']);

test('kproxy --help lists the commands', () => {
  expect(top.exitCode).toBe(0);
  const node = ['sync', 'diff', 'status', 'explain', 'snapshot', 'doctor', 'cleanup'];
  expect(commands).toEqual(['endpoints', ...node, 'tutorial', 'version']);
});

describe.each(commands)('kproxy %s --help', name => {
  const help = kproxy([name, '--help']);

  test('ends with 0 and has examples', async () => {
    expect(await help).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await help).stdout).toContain(`\n  kproxy ${name}`);
  });

  test('lists each option once', async () => {
    const options = optionsIn((await help).stdout);
    expect(options).toContain('--help');
    expect(options.filter((flag, index) => options.indexOf(flag) !== index)).toEqual([]);
  });

  test('lists no option of kproxy itself', async () => {
    const own = optionsIn((await help).stdout);
    expect(optionsIn(top.stdout).filter(flag => own.includes(flag))).toEqual(['-h', '--help']);
  });

  test('mentions only flags that exist', async () => {
    const { stdout } = await help;
    const known = [...optionsIn(stdout), ...optionsIn(top.stdout)];
    // The examples also have other commands of kproxy, and jq and sh after a pipe.
    const [, examples = ''] = stdout.split('Examples:');
    const own = examples.split('\n').filter(line => line.startsWith(`  kproxy ${name}`));
    expect(own.length).toBeGreaterThan(0);
    for (const flag of flagsIn(own.map(line => line.split(' | ')[0]).join('\n'))) expect(known).toContain(flag);
    for (const flag of flagsIn(stdout.split('Examples:')[0] ?? '').filter(flag => flag.startsWith('--')))
      expect(known).toContain(flag);
  });

  test('is what an unknown flag points to', async () => {
    const { exitCode, stderr, stdout } = await kproxy([name, '--no-such-flag']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain("unknown option '--no-such-flag'");
  });
});

test('the examples of kproxy --help only have flags of their commands', async () => {
  const examples = top.stdout.split('\n').filter(line => line.startsWith('  kproxy '));
  expect(examples.length).toBeGreaterThan(2);
  for (const example of examples) {
    const [, name = ''] = example.trim().split(/\s+/);
    expect(commands).toContain(name);
    const known = [...optionsIn((await kproxy([name, '--help'])).stdout), ...optionsIn(top.stdout)];
    for (const flag of flagsIn(example)) expect(known).toContain(flag);
  }
});

test.each(['--version', 'version'])('%s prints the version', async word => {
  expect(await kproxy([word])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

test.each(['', ...commands])('kproxy help %s prints the same as --help', async name => {
  const words = name === '' ? [] : [name];
  expect(await kproxy(['help', ...words])).toEqual(await kproxy([...words, '--help']));
});

test('kproxy help of a command that does not exist is a usage error', async () => {
  const { stdout, stderr, exitCode } = await kproxy(['help', 'synk']);
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  expect(stderr).toMatch(/^error: unknown command 'synk'\n\(Did you mean sync\?\)\n/);
});

test('the help of a terminal without columns is as wide as that of no terminal', async () => {
  const { isTTY, columns } = process.stdout;
  try {
    for (const width of [0, undefined]) {
      Object.assign(process.stdout, { isTTY: true, columns: width });
      expect((await kproxy(['sync', '--help'])).stdout).toBe(syncHelp);
    }
  } finally {
    Object.assign(process.stdout, { isTTY, columns });
  }
});

test.each([
  [['synk'], "unknown command 'synk'", '(Did you mean sync?)'],
  [['sync', '--script', 'other'], "argument 'other' is invalid", 'Allowed choices are steps, batch'],
  [['sync', '--profile', 'other'], "argument 'other' is invalid", 'Allowed choices are full, tutorial'],
  [['sync', '--from'], "option '--from <path>' argument missing", '--help'],
])('%j is a usage error that says what is possible', async (argv, problem, help) => {
  const { exitCode, stderr, stdout } = await kproxy(argv);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(problem);
  expect(stderr).toContain(help);
});
