import { describe } from 'vitest';
import { reportCases } from './support/report-case.js';
import { testReports } from './support/report-tests.js';

describe('what people have reported of proxies', () => {
  testReports(
    reportCases.filter(({ needsNft, needsApi }) => !needsNft && !needsApi),
    400_000,
  );
});
