import { recordRun } from '../shared/record.js';
import { type ApiBenchmarkRun, clusterText, manyNodesText, readmeTable } from './readme-table.js';

/** Writes the figures to measured.json and into the README. */
export const record = (run: ApiBenchmarkRun): Promise<void> =>
  recordRun({
    file: 'scripts/bench-api/measured.json',
    run,
    mark: 'figures of the API server',
    paragraphs: [clusterText(run), readmeTable(run), manyNodesText(run)],
  });
