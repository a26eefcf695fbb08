// Counts checks and tests, names what failed, and ends with a line `N passed, N failed`. Argument: the folder with the results.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [, , folder] = process.argv;

/** Tests on the real kernel, which run wherever the sandbox boots: not to run is to fail. */
const mustRun = /^test\/(kernel|readme)\//;
/** The one exception, and only where it can have no API server. */
const needsKubernetes = 'test/kernel/real-cluster.test.ts';
const whyLeftOut = 'neither programs of Kubernetes nor Go to build them are here';

function read(name) {
  try {
    return readFileSync(`${folder}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

const hasGo = () => spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0;

function statusOf(test, file, fileStatus) {
  if (test.status === 'passed' || test.status === 'failed') return test.status;
  if (fileStatus === 'failed') return 'failed';
  if (file === needsKubernetes) return hasGo() ? 'failed' : 'left out';
  return mustRun.test(file) ? 'failed' : 'skipped';
}

/** The tests of a file. A file that failed as a whole has tests that could not run, or none at all: these are failures, not omissions. */
function testsOf({ name, status, message, assertionResults }) {
  const file = relative(process.cwd(), name);
  const tests = assertionResults.map(test => ({
    status: statusOf(test, file, status),
    name: `${file}: ${test.fullName}`,
  }));
  const isToldByTests = status !== 'failed' || tests.some(test => test.status === 'failed');
  return isToldByTests ? tests : [...tests, { status: 'failed', name: `${file}: ${message.split('\n')[0]}` }];
}

const checks = read('checks')
  .split('\n')
  .filter(Boolean)
  .map(line => ({ status: line.slice(0, 6), name: line.slice(7) }));

function testResults() {
  const report = read('vitest.json');
  const tests = report === '' ? [] : JSON.parse(report).testResults.flatMap(testsOf);
  if (!tests.some(test => test.status === 'passed')) return [...tests, failure('tests: not one has run')];
  // An error outside of any test: vitest says so only with its exit code.
  const isUnexplained = read('vitest-exit-code').trim() !== '0' && !tests.some(test => test.status === 'failed');
  return isUnexplained ? [...tests, failure('vitest: an error outside of the tests, see above')] : tests;
}

const failure = name => ({ status: 'failed', name });

const all = [...checks, ...testResults()];
const withStatus = status => all.filter(one => one.status === status);

console.log();
for (const { name } of withStatus('failed')) console.log(`failed: ${name}`);
for (const { name } of withStatus('skipped')) console.log(`skipped: ${name}`);
const leftOut = withStatus('left out').length;
if (leftOut > 0) console.log(`left out: ${needsKubernetes}, ${leftOut} tests: ${whyLeftOut}`);
const notRun = withStatus('skipped').length + leftOut;
if (notRun > 0) console.log(`${notRun} not run`);
console.log(`${withStatus('passed').length} passed, ${withStatus('failed').length} failed`);
process.exitCode = withStatus('failed').length > 0 ? 1 : 0;
