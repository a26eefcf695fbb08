import { beforeAll, describe, expect, test } from 'vitest';
import { useNetwork } from '../support/guest.js';
import { kproxy } from '../support/kproxy.js';
import { askTable, expectedResults } from './services/ask-table.js';
import { objects } from './services/cluster.js';
import { clusterCidr, topology } from './services/network.js';
import { prepareMachines } from './services/prepare.js';
import { compact, readRecording } from './services/recording.js';
import { otherOptions, type Situation, situations, withOtherOptions } from './services/situations.js';

describe('a node programmed by kproxy sync', () => {
  const sandbox = useNetwork(topology);
  const sync = async (...options: readonly string[]) => {
    const argv = ['sync', '--from', '-', '--node', 'node', '--cluster-cidr', clusterCidr, ...options];
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    const { stderr, exitCode } = await kproxy(sandbox(), 'node', argv, list);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  };
  const expectTable = async ({ enter, rows }: Situation) => {
    await enter(sandbox());
    expect(await askTable(sandbox(), rows)).toEqual(expectedResults(rows));
  };

  beforeAll(async () => {
    await prepareMachines(sandbox());
    await sync();
  });

  test.each(situations)('handles packets as the table says: $name', expectTable);

  test(`handles packets as the table says: ${withOtherOptions.name}`, async () => {
    await sync('--masquerade-all', '--nodeport-addresses', otherOptions.nodePortAddresses.join(','));
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
