import { beforeAll, describe, expect, test } from 'vitest';
import { expectedResults } from '../packets/services/ask-table.js';
import { topology } from '../packets/services/network.js';
import { prepareMachines } from '../packets/services/prepare.js';
import { readRecordedNodes } from '../packets/services/recorded-nodes.js';
import { type Situation, situations, withOtherOptions } from '../packets/services/situations.js';
import { syncNode, syncWithOtherOptions } from '../packets/services/sync.js';
import { bootMilliseconds, useNetwork } from '../support/guest.js';
import { datapathOfText, readDatapath } from './support/datapath.js';
import { explainTable } from './support/services.js';

/** The table itself is compared with packets in packets/services.test.ts. */
describe('on a node programmed by kproxy sync, explain says what happens to every packet of the table:', () => {
  const sandbox = useNetwork(topology);
  const expectTable = async ({ enter, rows }: Situation) => {
    await enter(sandbox());
    expect(explainTable(await readDatapath(sandbox(), 'node'), rows)).toEqual(expectedResults(rows));
  };

  beforeAll(async () => {
    await prepareMachines(sandbox());
    await syncNode(sandbox());
  }, bootMilliseconds);

  test.each(situations)('$name', expectTable);

  test(withOtherOptions.name, async () => {
    await syncWithOtherOptions(sandbox());
    await expectTable(withOtherOptions);
  });
});

/** The recording of scripts/record-packets.sh, which sent the packets of the table through the node of kube-proxy. */
test.each([...situations, withOtherOptions])(
  'on a node programmed by kube-proxy, explain says what happens to every packet of the table: $name',
  ({ name, rows }) => {
    const text = readRecordedNodes()[name] ?? '';
    expect(explainTable(datapathOfText(text), rows)).toEqual(expectedResults(rows));
  },
);
