import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { controlPlaneSandbox } from '../../support/control-plane.js';
import { useNetwork } from '../../support/guest.js';
import { snapshotText } from '../../support/snapshot-text.js';
import { askTable, expectedResults, type Results } from '../services/ask-table.js';
import { objects } from '../services/cluster.js';
import { topology } from '../services/network.js';
import { prepareMachines } from '../services/prepare.js';
import { writeRecordedNodes } from '../services/recorded-nodes.js';
import { compact, writeRecording } from '../services/recording.js';
import { detections, otherOptions, type Situation, situations, withOtherOptions } from '../services/situations.js';
import { type KubeProxy, master, startCluster } from './start-kube-proxy.js';

const build = fileURLToPath(new URL('../../../../scripts/build-kubernetes.sh', import.meta.url));
const programs = ['etcd', 'kube-apiserver', 'kubectl', 'kube-proxy'];

describe('a node programmed by kube-proxy', () => {
  const folder = execFileSync(build, programs, { encoding: 'utf8' }).trim();
  const sandbox = useNetwork({ ...topology, nodes: [...topology.nodes, master] }, controlPlaneSandbox);
  const recording: Record<string, Results> = {};
  const nodes: Record<string, string> = {};
  let proxy: KubeProxy;

  const record = async ({ name, enter, rows }: Situation) => {
    await enter(sandbox());
    nodes[name] = JSON.stringify(JSON.parse(await snapshotText(sandbox(), 'node')));
    writeRecordedNodes(nodes);
    recording[name] = await askTable(sandbox(), rows);
    writeRecording(Object.fromEntries(Object.entries(recording).map(([key, results]) => [key, compact(results)])));
    expect(recording[name]).toEqual(expectedResults(rows));
  };

  beforeAll(async () => {
    await prepareMachines(sandbox());
    proxy = await startCluster(sandbox(), `${folder}/kube-proxy`, objects);
    await proxy.program({});
  });

  test.each(situations)('handles packets as the table says: $name', record);

  test(`handles packets as the table says: ${withOtherOptions.name}`, async () => {
    const { masqueradeAll, nodePortAddresses } = otherOptions;
    await proxy.program({ iptables: { masqueradeAll }, nodePortAddresses });
    await record(withOtherOptions);
  });

  test.each(detections)('handles packets as the table says: $name', async situation => {
    await proxy.program(situation.configuration);
    await record(situation);
  });
});
