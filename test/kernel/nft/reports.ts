import { describe } from 'vitest';
import { reportCases } from '../support/report-case.js';
import { testReports } from '../support/report-tests.js';

describe('what people have reported of proxies, with both iptables backends', () => {
  testReports(
    reportCases.filter(({ needsNft }) => needsNft),
    600_000,
  );
});
