import { expect, test } from 'vitest';
import { KproxyError } from '../../src/errors.js';
import { createFailureLog } from '../../src/output/failure-log.js';
import { createLog } from '../../src/output/log.js';
import { machineLimit } from '../../src/run/machine-limit.js';

function createTestLog() {
  const lines: string[] = [];
  const write = (text: string) => void lines.push(text.trimEnd().replace(/^\S+ /, ''));
  return { log: createLog({ format: 'text', isVerbose: false, write, now: () => new Date() }), lines: () => lines };
}

const limitOf = (step: string, code: string): KproxyError => {
  const error = machineLimit(step, Object.assign(new Error(`spawn ${code}`), { code }));
  if (error === undefined) throw new Error(code);
  return error;
};

test('a limit of the machine is logged once, whatever fails because of it, and when it is over', () => {
  const { log, lines } = createTestLog();
  const failures = createFailureLog(log);
  const first = limitOf('the shell that starts the tools cannot be started', 'EAGAIN');
  failures.failed(first, 500);
  failures.failed(limitOf('ipset cannot be started', 'EAGAIN'), 1_000);
  failures.failed(new KproxyError({ code: 'apply-failed', message: '`ipset restore` failed', cause: first }), 2_000);
  const said = [
    'error: the shell that starts the tools cannot be started: no more processes can be started',
    'error:   spawn EAGAIN',
    'error: retrying in 0.5 s',
  ];
  expect(lines().join('\n').split('\n')).toEqual(said);
  failures.succeeded();
  failures.succeeded();
  expect(lines().slice(said.length)).toEqual(['over, synced again: no more processes can be started']);
  failures.failed(first, 500);
  failures.failed(limitOf('ipset cannot be started', 'EMFILE'), 1_000);
  expect(lines().filter(line => /cannot be started/.test(line))).toHaveLength(3);
});

test('other failures are logged each time', () => {
  const { log, lines } = createTestLog();
  const failures = createFailureLog(log);
  const error = new KproxyError({ code: 'apply-failed', message: 'no' });
  failures.failed(error, 500);
  failures.failed(error, 1_000);
  failures.succeeded();
  expect(lines().filter(line => line === 'error: no')).toHaveLength(2);
  expect(lines()).toHaveLength(4);
});
