import { describe } from 'vitest';
import { reportCases } from './support/report-case.js';
import { testReports } from './support/report-tests.js';

/** These need the real kubectl. */
describe('what people have reported of proxies and API servers', () => {
  testReports(
    reportCases.filter(({ needsApi }) => needsApi),
    400_000,
  );
});
