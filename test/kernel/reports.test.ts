import { describe, expect, onTestFailed, test } from 'vitest';
import { openSandbox } from '../../src/sandbox/open-sandbox.js';
import { faultsIn, reportCases, runReportCase } from './support/report-case.js';

/** Where kproxy does something else than the case would like, on purpose. */
const otherwise: readonly string[] = [
  // Only a Service of type LoadBalancer has a load balancer; the API server rejects such a status of any other.
  '  arguable: not so: the VIP is served, as with kube-proxy',
];

const cases = reportCases.filter(({ needsNft }) => !needsNft).map(reportCase => [reportCase.name, reportCase] as const);

describe('what people have reported of proxies', () => {
  test.each(cases)(
    '%s',
    async (_, reportCase) => {
      const sandbox = await openSandbox(reportCase.sandbox);
      try {
        const text = await runReportCase(sandbox, reportCase);
        onTestFailed(() => console.error(text));
        expect(text).toMatch(/^ {2}right: /m);
        expect(faultsIn(text).filter(line => !otherwise.includes(line))).toEqual([]);
      } finally {
        await sandbox.close();
      }
    },
    400_000,
  );
});
