// Counts checks and tests, names what failed, and ends with a line `N passed, N failed`. Argument: the folder with the results.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [, , folder] = process.argv;

function read(name) {
  try {
    return readFileSync(`${folder}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

const checks = read('checks')
  .split('\n')
  .filter(Boolean)
  .map(line => ({ status: line.slice(0, 6), name: line.slice(7) }));

/** The tests of a file. A file that failed as a whole has tests that could not run, or none at all: these are failures, not omissions. */
function testsOf({ name, status, message, assertionResults }) {
  const file = relative(process.cwd(), name);
  const tests = assertionResults.map(test => ({
    status: test.status === 'passed' || test.status === 'failed' ? test.status : mayOmit(file, status),
    name: `${file}: ${test.fullName}`,
  }));
  const isToldByTests = status !== 'failed' || tests.some(test => test.status === 'failed');
  return isToldByTests ? tests : [...tests, { status: 'failed', name: `${file}: ${message.split('\n')[0]}` }];
}

/** A test on the real kernel that did not run is a failure wherever it stands. */
const mayOmit = (file, status) => (status === 'failed' || /^test\/(kernel|readme)\//.test(file) ? 'failed' : 'skipped');

const report = read('vitest.json');
const tests = report === '' ? [] : JSON.parse(report).testResults.flatMap(testsOf);
if (!tests.some(test => test.status === 'passed')) tests.push({ status: 'failed', name: 'tests: not one has run' });
const all = [...checks, ...tests];
// An error outside of any test: vitest says so only with its exit code.
if (read('vitest-exit-code').trim() !== '0' && !tests.some(test => test.status === 'failed')) {
  all.push({ status: 'failed', name: 'vitest: an error outside of the tests, see above' });
}

const count = status => all.filter(one => one.status === status).length;
console.log();
for (const { name } of all.filter(one => one.status === 'failed')) console.log(`failed: ${name}`);
for (const { name } of all.filter(one => one.status === 'skipped')) console.log(`skipped: ${name}`);
const skipped = count('skipped') > 0 ? `, ${count('skipped')} skipped` : '';
console.log(`${count('passed')} passed, ${count('failed')} failed${skipped}`);
process.exitCode = count('failed') > 0 ? 1 : 0;
