import { rmSync } from 'node:fs';
import { expect, type TestContext, test } from 'vitest';
import { openSandbox } from '../../../src/sandbox/open-sandbox.js';
import { machine } from './guest.js';
import { faultsIn, type ReportCase, runReportCase } from './report-case.js';
import { buildApiPrograms, kubectl } from './report-programs.js';

/** Where kproxy does something else than the case would like, on purpose. */
const otherwise: readonly string[] = [
  // Only a Service of type LoadBalancer has a load balancer; the API server rejects such a status of any other.
  '  arguable: not so: the VIP is served, as with kube-proxy',
  // Rules of another mode belong to kube-proxy, which has a command that removes them. kproxy names both.
  '  arguable: not so: the node port answers',
  // An unknown field may be one that protects something. kproxy names all of them.
  '  arguable: not so: works with them, as kube-proxy does',
];

/**
 * Defines a test for each case, on a kernel of its own. Most cases wait more than they work, so two run at a time.
 * Cases with an API server are left out without kubectl.
 */
export function testReports(cases: readonly ReportCase[], milliseconds: number): void {
  for (const reportCase of cases) {
    const define = reportCase.needsApi && kubectl === undefined ? test.skip : test.concurrent;
    define(reportCase.name, context => run(reportCase, context), milliseconds);
  }
}

async function run(reportCase: ReportCase, { onTestFailed }: TestContext): Promise<void> {
  const api = reportCase.needsApi ? await buildApiPrograms() : undefined;
  const sandbox = await openSandbox({ ...machine, ...reportCase.sandbox, visibleFolders: api?.folders ?? [] });
  try {
    const text = await runReportCase(sandbox, reportCase, api);
    onTestFailed(() => console.error(text));
    expect(text).toMatch(/^ {2}(right|arguable): /m);
    expect(faultsIn(text).filter(line => !otherwise.includes(line))).toEqual([]);
  } finally {
    await sandbox.close();
    if (api !== undefined) rmSync(api.folder, { recursive: true });
  }
}
