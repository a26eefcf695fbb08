import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { action } from '../../src/cli/action.js';
import { ExitCode, exitCodeOfError, exitCodeOfOutcome } from '../../src/cli/exit-codes.js';
import { reportError } from '../../src/cli/report.js';
import type { CommandOutcome } from '../../src/commands/shared/outcome.js';
import { type ErrorCode, KproxyError } from '../../src/errors.js';
import { kproxy } from './support/run-cli.js';

const sources = new URL('../../src/', import.meta.url).pathname;
const sourceText = readdirSync(sources, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => readFileSync(`${sources}${name}`, 'utf8'))
  .join('\n');

/** The codes of all errors in the sources. `custom` is zod's. */
const usedCodes = new Set(
  [...sourceText.matchAll(/\bcode: '([a-z-]+)'/g)].flatMap(([, code = '']) => (code === 'custom' ? [] : [code])),
);
const codes = Object.keys(exitCodeOfError) as ErrorCode[];
const exitCodes: readonly number[] = Object.values(ExitCode);

/** Reports an error, and returns its exit code and what it prints. */
function reported(error: unknown) {
  let stderr = '';
  const write = vi.spyOn(process.stderr, 'write').mockImplementation(text => {
    stderr += text;
    return true;
  });
  try {
    return { exitCode: reportError(error), stderr };
  } finally {
    write.mockRestore();
  }
}

describe('an error code', () => {
  test('has an exit code wherever the sources use one', () => {
    expect(codes.filter(code => !usedCodes.has(code))).toEqual([]);
    expect([...usedCodes].filter(code => !(code in exitCodeOfError))).toEqual([]);
  });

  test.each(codes)('%s ends the process with an exit code of an error', code => {
    const { exitCode } = reported(new KproxyError({ code, message: 'it failed' }));
    expect(exitCode).toBe(exitCodeOfError[code]);
    expect(exitCodes).toContain(exitCode);
    expect(exitCode).toBeGreaterThan(ExitCode.differences);
    expect(exitCode).not.toBe(ExitCode.interrupted);
  });

  test.each([
    ['options-contradict', 2],
    ['configuration-invalid', 2],
    ['kubectl-failed', 3],
    ['input-malformed', 3],
    ['cluster-empty', 3],
    ['tool-failed', 4],
    ['lock-held', 4],
    ['snapshot-invalid', 4],
    ['apply-failed', 5],
    ['changes-missing', 5],
    ['leftovers-present', 5],
    ['endpoints-not-written', 5],
  ] as const)('%s ends the process with %i', (code, exitCode) => expect(exitCodeOfError[code]).toBe(exitCode));
});

describe('a reported error', () => {
  test('has its message, its evidence line by line, and its advice', () => {
    const error = new KproxyError({
      code: 'apply-failed',
      message: '`ipset -exist restore` failed',
      evidence: 'exit status 1\n\ndone: ip',
      advice: 'Run kproxy sync again.',
    });
    expect(reported(error).stderr).toBe(
      'kproxy: `ipset -exist restore` failed\n  exit status 1\n  done: ip\nRun kproxy sync again.\n',
    );
  });

  test('has no empty lines if there is nothing more to say', () => {
    expect(reported(new KproxyError({ code: 'tool-failed', message: 'it failed', evidence: '' })).stderr).toBe(
      'kproxy: it failed\n',
    );
  });

  test('is thrown again if it is a bug', () => {
    expect(() => reported(new TypeError('a bug'))).toThrow('a bug');
  });
});

test.each<readonly [CommandOutcome, number]>([
  ['done', 0],
  ['differences', 1],
  ['invalid-objects', 3],
])('a command with the outcome %s ends with %i', async (outcome, exitCode) => {
  expect(exitCodeOfOutcome[outcome]).toBe(exitCode);
  const before = process.exitCode;
  try {
    await action(async (name: string) => (name === 'web' ? outcome : 'done'))('web');
    expect(process.exitCode).toBe(exitCode);
  } finally {
    process.exitCode = before;
  }
});

test('the help explains every exit code', async () => {
  const { stdout } = await kproxy(['--help']);
  const [, list = ''] = /Exit codes: (.*?)\.\n/s.exec(stdout) ?? [];
  const explained = [...list.matchAll(/(?:^|,\s)(\d+) /g)].map(([, code]) => Number(code));
  expect(explained).toEqual(exitCodes);
});
