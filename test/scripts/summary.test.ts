import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const project = fileURLToPath(new URL('../../', import.meta.url));
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kproxy-summary-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Results {
  readonly checks?: readonly string[];
  /** Statuses of the tests of each file. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly failedFile?: string;
  readonly exitCode?: number;
  readonly hasGo?: boolean;
}

/** Runs the summary of these results. Returns its lines and its exit code. */
function summary({ checks = [], files, failedFile, exitCode = 0, hasGo = false }: Results) {
  const testResults = Object.entries(files).map(([file, statuses]) => ({
    name: join(project, file),
    status: file === failedFile ? 'failed' : 'passed',
    message: 'it broke\nat a line',
    assertionResults: statuses.map((status, index) => ({ status, fullName: `test ${index + 1}` })),
  }));
  writeFileSync(join(folder, 'checks'), checks.map(line => `${line}\n`).join(''));
  writeFileSync(join(folder, 'vitest.json'), JSON.stringify({ testResults }));
  writeFileSync(join(folder, 'vitest-exit-code'), `${exitCode}\n`);
  if (hasGo) writeFileSync(join(folder, 'go'), '#!/bin/sh\n', { mode: 0o755 });
  const { stdout, status } = spawnSync(process.execPath, ['scripts/summary.js', folder], {
    cwd: project,
    encoding: 'utf8',
    env: { PATH: folder },
  });
  return { lines: stdout.trim().split('\n'), status };
}

const realCluster = 'test/kernel/real-cluster.test.ts';

describe('the last line', () => {
  test('counts checks and tests', () => {
    const { lines, status } = summary({ checks: ['passed lint'], files: { 'test/a.test.ts': ['passed', 'passed'] } });
    expect({ lines, status }).toEqual({ lines: ['3 passed, 0 failed'], status: 0 });
  });

  test('does not count skipped tests; they are listed before it', () => {
    const { lines } = summary({ files: { 'test/a.test.ts': ['passed', 'skipped'] } });
    expect(lines).toEqual(['skipped: test/a.test.ts: test 2', '1 not run', '1 passed, 0 failed']);
  });
});

describe('a failure', () => {
  const one = { 'test/a.test.ts': ['passed'] };

  test.each<[string, Results, string]>([
    ['a check', { checks: ['failed types'], files: one }, 'types'],
    ['a test', { files: { 'test/a.test.ts': ['passed', 'failed'] }, exitCode: 1 }, 'test/a.test.ts: test 2'],
    [
      'a file that could not be loaded',
      { files: { ...one, 'test/b.test.ts': [] }, failedFile: 'test/b.test.ts' },
      'test/b.test.ts: it broke',
    ],
    [
      'a kernel test that did not run',
      { files: { ...one, 'test/kernel/k.test.ts': ['pending'] } },
      'test/kernel/k.test.ts: test 1',
    ],
    [
      'the test with a real cluster, if Go is there to build it',
      { files: { ...one, [realCluster]: ['skipped'] }, hasGo: true },
      `${realCluster}: test 1`,
    ],
    ['an error outside of the tests', { files: one, exitCode: 1 }, 'vitest: an error outside of the tests, see above'],
  ])('%s', (_, results, name) => {
    const { lines, status } = summary(results);
    expect(status).toBe(1);
    expect(lines.slice(0, -1)).toEqual([`failed: ${name}`]);
    expect(lines.at(-1)).toMatch(/^\d+ passed, 1 failed$/);
  });

  test('no test that has run', () => {
    expect(summary({ files: {} })).toEqual({
      lines: ['failed: tests: not one has run', '0 passed, 1 failed'],
      status: 1,
    });
  });
});

test('the test with a real cluster is reported as left out if there is neither a program nor Go', () => {
  const { lines, status } = summary({ files: { 'test/a.test.ts': ['passed'], [realCluster]: ['skipped', 'skipped'] } });
  expect(status).toBe(0);
  expect(lines).toEqual([
    expect.stringMatching(/^left out: .*real-cluster.*2 tests.*Go/),
    '2 not run',
    '1 passed, 0 failed',
  ]);
});

test('the tests with a browser are reported as left out if there is none', () => {
  const browser = 'test/browser/html.test.ts';
  const { lines, status } = summary({ files: { 'test/a.test.ts': ['passed'], [browser]: ['skipped'] } });
  expect(status).toBe(0);
  expect(lines[0]).toBe(`left out: ${browser}, 1 test: chromium is not installed`);
});
