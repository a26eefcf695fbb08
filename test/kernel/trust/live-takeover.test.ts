import { describe, expect, test } from 'vitest';
import { startCluster } from '../packets/record/start-kube-proxy.js';
import { builtProgram, controlPlaneMilliseconds, controlPlaneSandbox } from '../support/control-plane.js';
import { useNetwork } from '../support/guest.js';
import { prepareForTraffic } from './support/machines.js';
import { master, node, topology } from './support/network.js';
import { dumpNode } from './support/node-dump.js';
import { readRecording, writeRecording } from './support/recording.js';
import { clusterObjects } from './support/services.js';
import { services } from './support/shop.js';
import { expectTakeoverUnderTraffic } from './support/take-over.js';

const kubeProxy = builtProgram('kube-proxy') ?? '';

describe.skipIf(kubeProxy === '')(
  'a node that kube-proxy programs (where scripts/build-kubernetes.sh kube-proxy was run)',
  () => {
    const sandbox = useNetwork({ ...topology, nodes: [...topology.nodes, master] }, controlPlaneSandbox);

    test(
      'kube-proxy stops, kproxy sync takes the node over, and no connection notices',
      async () => {
        await prepareForTraffic(sandbox());
        const proxy = await startCluster(sandbox(), kubeProxy, clusterObjects(Object.values(services)));
        await proxy.program({});
        const programmed = await dumpNode(sandbox(), node);
        if (process.env.KPROXY_RECORD) writeRecording(programmed);
        expect(programmed).toEqual(readRecording());
        await expectTakeoverUnderTraffic(sandbox(), () => proxy.stop());
      },
      controlPlaneMilliseconds,
    );
  },
);
