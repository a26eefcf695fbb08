import { describe, expect, test } from 'vitest';
import { examplesFor, invocationOf } from '../../src/cli/invocation.js';
import { kproxy } from './support/run-cli.js';

describe('how the program was started', () => {
  test.each([
    ['/usr/local/bin/kproxy', { name: 'kproxy', words: ['status', '-A'] }],
    ['/usr/local/lib/kproxy/current/dist/kproxy.js', { name: 'kproxy', words: ['status', '-A'] }],
    ['/opt/kubectl-kproxy/kproxy', { name: 'kproxy', words: ['status', '-A'] }],
    ['/usr/local/bin/kubectl-kproxy', { name: 'kubectl kproxy', words: ['status', '-A'] }],
    ['/usr/local/bin/kubectl_complete-kproxy', { name: 'kubectl kproxy', words: ['__complete', 'status', '-A'] }],
  ])('as %s', (program, expected) => {
    expect(invocationOf(['/usr/bin/node', program, 'status', '-A'])).toEqual(expected);
  });
});

describe('examples', () => {
  const text =
    'Usage: kproxy sync\n\n  kproxy sync      all\n  kproxy status -A   none kproxy\n  kproxyd\n\nkproxy is\n';

  test('of kproxy stay', () => {
    expect(examplesFor({ name: 'kproxy' }, text)).toBe(text);
  });

  test('of the plugin have its name, and their remarks stay in place where there is room', () => {
    expect(examplesFor({ name: 'kubectl kproxy' }, text)).toBe(
      'Usage: kproxy sync\n\n  kubectl kproxy sync  all\n  kubectl kproxy status -A  none kproxy\n' +
        '  kproxyd\n\nkproxy is\n',
    );
    const wide = `  kproxy sync${' '.repeat(20)}all\n`;
    expect(examplesFor({ name: 'kubectl kproxy' }, wide).indexOf('all')).toBe(wide.indexOf('all'));
  });
});

test('the help of the plugin speaks of kubectl kproxy', async () => {
  const { stdout, exitCode } = await kproxy(['sync', '--help'], undefined, '/usr/local/bin/kubectl-kproxy');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^Usage: kubectl kproxy sync /);
  expect(stdout).toContain('\n  kubectl kproxy sync --cluster-cidr 10.244.0.0/16\n');
  expect(stdout).not.toMatch(/(?<!kubectl )kproxy sync/);
});

test('and an error of its options refers to its help', async () => {
  const { stderr, exitCode } = await kproxy(['syncc'], undefined, '/usr/local/bin/kubectl-kproxy');
  expect(exitCode).toBe(2);
  expect(stderr).toContain("unknown command 'syncc'");
});
