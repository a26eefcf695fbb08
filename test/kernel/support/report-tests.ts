import { rmSync } from 'node:fs';
import { afterAll, expect, type TestContext, test } from 'vitest';
import { openSandbox } from '../../../src/sandbox/open-sandbox.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
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

/** Guests that run one case at a time. Starting kproxy on a fresh one takes three times as long. */
const idle: Sandbox[] = [];

/**
 * Defines a test for each case. Two run at a time. A case with arguments for the kernel, with a size of memory or with
 * an API server gets a guest of its own. The rest share guests: each has its own namespaces there. Cases with an API
 * server are left out without kubectl.
 */
export function testReports(cases: readonly ReportCase[], milliseconds: number): void {
  afterAll(async () => {
    await Promise.all(idle.splice(0).map(guest => guest.close()));
  }, milliseconds);
  for (const reportCase of cases) {
    const define = reportCase.needsApi && kubectl === undefined ? test.skip : test.concurrent;
    const run = canShare(reportCase) ? runOnSharedGuest : runOnOwnGuest;
    define(reportCase.name, context => run(reportCase, context), milliseconds);
  }
}

/** An emulated machine runs each case alone, since its modules decide which backend of iptables has tables. */
const canShare = ({ sandbox, needsApi }: ReportCase): boolean =>
  machine.virtualMachine === undefined && Object.keys(sandbox).length === 0 && !needsApi;

async function runOnSharedGuest(reportCase: ReportCase, context: TestContext): Promise<void> {
  const guest = idle.pop() ?? (await openSandbox(machine));
  let isClean = false;
  try {
    check(await runReportCase(guest, reportCase, { api: undefined, isShared: true }), context);
    isClean = true;
  } finally {
    // A case that failed may have left the kernel in any state.
    if (isClean) idle.push(guest);
    else await guest.close();
  }
}

async function runOnOwnGuest(reportCase: ReportCase, context: TestContext): Promise<void> {
  const api = reportCase.needsApi ? await buildApiPrograms() : undefined;
  const sandbox = await openSandbox({ ...machine, ...reportCase.sandbox, visibleFolders: api?.folders ?? [] });
  try {
    check(await runReportCase(sandbox, reportCase, { api, isShared: false }), context);
  } finally {
    await sandbox.close();
    if (api !== undefined) rmSync(api.folder, { recursive: true });
  }
}

function check(text: string, { onTestFailed }: TestContext): void {
  onTestFailed(() => console.error(text));
  expect(text).toMatch(/^ {2}(right|arguable): /m);
  expect(faultsIn(text).filter(line => !otherwise.includes(line))).toEqual([]);
}
