import { beforeAll, describe, expect, test } from 'vitest';
import { datapathOfText, readDatapath } from '../explain/support/datapath.js';
import { explainTable } from '../explain/support/services.js';
import { useNetwork } from '../support/guest.js';
import { askTable, expectedResults } from './services/ask-table.js';
import { topology } from './services/network.js';
import { prepareMachines } from './services/prepare.js';
import { readRecordedNodes } from './services/recorded-nodes.js';
import { compact, readRecording } from './services/recording.js';
import { type Situation, situations, withOtherOptions } from './services/situations.js';
import { syncNode, syncWithOtherOptions } from './services/sync.js';

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
});

/** The recording of scripts/record-packets.sh. Run that script again if the table changes. */
test.each([...situations, withOtherOptions])(
  'kube-proxy handles packets as the table says: $name',
  ({ name, rows }) => {
    expect(readRecording()[name]).toEqual(compact(expectedResults(rows)));
  },
);

test.each([...situations, withOtherOptions])(
  'explain says how kube-proxy’s node handles packets: $name',
  ({ name, rows }) => {
    const text = readRecordedNodes()[name] ?? '';
    expect(explainTable(datapathOfText(text), rows)).toEqual(expectedResults(rows));
  },
);
