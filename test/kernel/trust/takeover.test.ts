import { describe, test } from 'vitest';
import { useNetwork } from '../support/guest.js';
import { prepareForTraffic } from './support/machines.js';
import { node, topology } from './support/network.js';
import { restoreDump } from './support/node-dump.js';
import { readRecording } from './support/recording.js';
import { expectTakeoverUnderTraffic } from './support/take-over.js';

describe('a node that was programmed by kube-proxy, as recorded', () => {
  const sandbox = useNetwork(topology);

  test('kproxy sync takes it over, and no connection notices', async () => {
    await prepareForTraffic(sandbox());
    await restoreDump(sandbox(), node, readRecording());
    await expectTakeoverUnderTraffic(sandbox());
  }, 300_000);
});
