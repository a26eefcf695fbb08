// Reports what failed and counts checks and tests. The last line is `N passed, N failed`. Argument: the folder with the
// results, which scripts/test.sh writes.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [, , folder] = process.argv;

/** Tests on the real kernel. They can run on every machine, so a skipped one counts as a failure. */
const kernelTests = /^test\/(kernel|readme)\//;
/** The exceptions, which need programs that not every machine has, and the reason if they are left out. */
const ofKubernetes = {
  canRun: () => canStart('go'),
  reason: 'neither programs of Kubernetes nor Go to build them are here',
};
const besideKubeProxy = {
  canRun: () => false,
  reason: 'kube-proxy is not here; scripts/build-kubernetes.sh kube-proxy builds it',
};
const optionalTests = new Map([
  ['test/browser/html.test.ts', { canRun: () => canStart('chromium'), reason: 'chromium is not installed' }],
  ['test/kernel/api-server.test.ts', ofKubernetes],
  ['test/kernel/real-cluster.test.ts', ofKubernetes],
  [
    'test/kernel/endpoints-source.test.ts',
    {
      canRun: () => false,
      reason:
        'not all is here; scripts/build-kubernetes.sh etcd kube-apiserver kubectl kube-controller-manager builds it',
    },
  ],
  ['test/kernel/metrics-beside-kube-proxy.test.ts', besideKubeProxy],
  ['test/kernel/trust/live-takeover.test.ts', besideKubeProxy],
  ['test/kernel/systemd.test.ts', { canRun: () => canStart('systemctl'), reason: 'systemd is not installed' }],
  [
    'test/kernel/reports-with-api-server.test.ts',
    { canRun: () => canStart('kubectl'), reason: 'kubectl is neither installed nor built' },
  ],
]);

function read(name) {
  try {
    return readFileSync(`${folder}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

const canStart = program => spawnSync(program, ['--help'], { stdio: 'ignore' }).error === undefined;

function statusOf(test, file, fileStatus) {
  if (test.status === 'passed' || test.status === 'failed') return test.status;
  if (fileStatus === 'failed') return 'failed';
  const optional = optionalTests.get(file);
  if (optional !== undefined) return optional.canRun() ? 'failed' : 'left out';
  return kernelTests.test(file) ? 'failed' : 'skipped';
}

/** Returns the tests of a file. If the file failed as a whole, tests that did not run count as failures. */
function testsOf({ name, status, message, assertionResults }) {
  const file = relative(process.cwd(), name);
  const tests = assertionResults.map(test => ({
    status: statusOf(test, file, status),
    name: `${file}: ${test.fullName}`,
    file,
  }));
  const isExplained = status !== 'failed' || tests.some(test => test.status === 'failed');
  return isExplained ? tests : [...tests, failure(`${file}: ${message.split('\n')[0]}`)];
}

/** Reads lines such as `passed lint`. */
const checkResults = () =>
  read('checks')
    .split('\n')
    .filter(Boolean)
    .map(line => ({ status: line.slice(0, 6), name: line.slice(7) }));

function testResults() {
  const report = read('vitest.json');
  const tests = report === '' ? [] : JSON.parse(report).testResults.flatMap(testsOf);
  if (!tests.some(test => test.status === 'passed')) return [...tests, failure('tests: not one has run')];
  // vitest reports an error outside of all tests only by its exit code.
  const isUnexplained = read('vitest-exit-code').trim() !== '0' && !tests.some(test => test.status === 'failed');
  return isUnexplained ? [...tests, failure('vitest: an error outside of the tests, see above')] : tests;
}

const failure = name => ({ status: 'failed', name });

const results = [...checkResults(), ...testResults()];
const withStatus = status => results.filter(result => result.status === status);

console.log();
for (const { name } of withStatus('failed')) console.log(`failed: ${name}`);
for (const { name } of withStatus('skipped')) console.log(`skipped: ${name}`);
const leftOut = withStatus('left out');
for (const [file, { reason }] of optionalTests) {
  const tests = leftOut.filter(test => test.file === file).length;
  if (tests > 0) console.log(`left out: ${file}, ${tests} ${tests === 1 ? 'test' : 'tests'}: ${reason}`);
}
const notRun = withStatus('skipped').length + leftOut.length;
if (notRun > 0) console.log(`${notRun} not run`);
console.log(`${withStatus('passed').length} passed, ${withStatus('failed').length} failed`);
process.exitCode = withStatus('failed').length > 0 ? 1 : 0;
