import { beforeAll, describe, expect, test } from 'vitest';
import { datapathOfText, readDatapath } from '../explain/support/datapath.js';
import { explainTable } from '../explain/support/services.js';
import { useNetwork } from '../support/guest.js';
import { snapshotText } from '../support/snapshot-text.js';
import { askTable, expectedResults } from './services/ask-table.js';
import { topology } from './services/network.js';
import { prepareMachines } from './services/prepare.js';
import { readRecordedNodes } from './services/recorded-nodes.js';
import { compact, readRecording } from './services/recording.js';
import { serviceTables } from './services/service-tables.js';
import { detections, type Situation, situations, withOtherOptions } from './services/situations.js';
import { syncConfigured, syncNode, syncWithOtherOptions } from './services/sync.js';

describe('a node programmed by kproxy sync', () => {
  const sandbox = useNetwork(topology);
  const expectTable = async ({ enter, rows }: Situation) => {
    await enter(sandbox());
    expect(await askTable(sandbox(), rows)).toEqual(expectedResults(rows));
    expect(explainTable(await readDatapath(sandbox(), 'node'), rows)).toEqual(expectedResults(rows));
  };

  beforeAll(async () => {
    await prepareMachines(sandbox());
    await syncNode(sandbox());
  });

  test.each(situations)('handles packets as the table says, and explain says so too: $name', expectTable);

  test(`handles packets as the table says, and explain says so too: ${withOtherOptions.name}`, async () => {
    await syncWithOtherOptions(sandbox());
    await expectTable(withOtherOptions);
  });

  test.each(detections)('handles packets as the table says, and explain says so too: $name', async situation => {
    await syncConfigured(sandbox(), situation.configuration);
    await expectTable(situation);
  });

  test.each(detections)(
    'has the same rules and tables as kube-proxy’s node: $name',
    async ({ name, configuration }) => {
      await syncConfigured(sandbox(), configuration);
      const recorded = readRecordedNodes()[name] ?? '';
      expect(serviceTables(await snapshotText(sandbox(), 'node'))).toEqual(serviceTables(recorded));
    },
  );
});

const allSituations = [...situations, withOtherOptions, ...detections];

/** The recording of scripts/record-packets.sh. Run that script again if the table changes. */
test.each(allSituations)('kube-proxy handles packets as the table says: $name', ({ name, rows }) => {
  expect(readRecording()[name]).toEqual(compact(expectedResults(rows)));
});

test.each(allSituations)('explain says how kube-proxy’s node handles packets: $name', ({ name, rows }) => {
  const text = readRecordedNodes()[name] ?? '';
  expect(explainTable(datapathOfText(text), rows)).toEqual(expectedResults(rows));
});
