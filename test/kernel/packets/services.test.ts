import { beforeAll, describe, expect, test } from 'vitest';
import { datapathOfText } from '../explain/support/datapath.js';
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
  /** Returns the snapshot of the node. */
  const expectTable = async ({ enter, rows }: Situation): Promise<string> => {
    await enter(sandbox());
    let snapshot = '';
    const read = async () => {
      snapshot = await snapshotText(sandbox(), 'node');
    };
    expect(await askTable(sandbox(), rows, read)).toEqual(expectedResults(rows));
    expect(explainTable(datapathOfText(snapshot), rows)).toEqual(expectedResults(rows));
    return snapshot;
  };

  beforeAll(async () => {
    await prepareMachines(sandbox());
    await syncNode(sandbox());
  });

  test.each(situations)('handles packets as the table says, and explain says so too: $name', async situation => {
    await expectTable(situation);
  });

  test(`handles packets as the table says, and explain says so too: ${withOtherOptions.name}`, async () => {
    await syncWithOtherOptions(sandbox());
    await expectTable(withOtherOptions);
  });

  test.each(detections)(
    'handles packets as the table and explain say, with the rules and tables of kube-proxy’s node: $name',
    async situation => {
      await syncConfigured(sandbox(), situation.configuration);
      const snapshot = await expectTable(situation);
      expect(serviceTables(snapshot)).toEqual(serviceTables(readRecordedNodes()[situation.name] ?? ''));
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
