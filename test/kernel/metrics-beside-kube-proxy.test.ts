import { beforeAll, describe, expect, test } from 'vitest';
import { type Metric, parseExposition } from '../health/support/exposition.js';
import {
  countableSamples,
  type RecordedPage,
  readRecord,
  recordOf,
  writeRecord,
} from '../health/support/kube-proxy-record.js';
import { type KubeProxy, startCluster } from './packets/record/start-kube-proxy.js';
import { builtProgram, controlPlaneMilliseconds, controlPlaneSandbox } from './support/control-plane.js';
import { output, useNetwork } from './support/guest.js';
import { eventually } from './support/processes.js';
import { clusterCidr, master, node, topology } from './trust/support/network.js';
import { clusterObjects, type ServiceDescription } from './trust/support/services.js';
import { services } from './trust/support/shop.js';

const kubeProxy = builtProgram('kube-proxy') ?? '';
const objects = clusterObjects(Object.values(services));

/** A Service with both Local policies whose endpoints are all on the other node. */
const remote: ServiceDescription = {
  name: 'remote',
  clusterIps: ['10.254.1.9', 'fd00:254::19'],
  ports: [{ protocol: 'tcp', port: 80, nodePort: 30_089 }],
  backends: ['far-1', 'far-2'],
  spec: { internalTrafficPolicy: 'Local', externalTrafficPolicy: 'Local' },
};
const remoteObjects = clusterObjects([remote]).filter(({ kind }) => kind !== 'Node');
const sliceOf = (service: ServiceDescription) => clusterObjects([service]).find(({ kind }) => kind === 'EndpointSlice');

/** The metrics of Go's runtime differ between versions of Go. One of them is recorded for all. */
const isOfEveryBuild = ({ name }: Metric): boolean => !name.startsWith('go_') || name === 'go_info';

const paths = ['10256/healthz', '10256/livez', '10256/', '10249/metrics', '10249/healthz', '10249/proxyMode', '10249/'];
const otherPaths = ['10249/configz', '10249/statusz', '10249/flagz', '10249/metrics/slis', '10249/debug/pprof/'];

/** Returns true if every Local policy of the new Service, and the change with a time, have been programmed. */
function hasFollowed(metrics: readonly Metric[]): boolean {
  const samples = countableSamples(metrics);
  const valuesOf = (name: string) => Object.values(samples[`kubeproxy_${name}`] ?? {});
  const withoutLocal = valuesOf('sync_proxy_rules_no_local_endpoints_total');
  const programmed = valuesOf('network_programming_duration_seconds');
  return (
    withoutLocal.length === 4 &&
    withoutLocal.every(count => count > 0) &&
    programmed.length > 0 &&
    valuesOf('sync_proxy_rules_endpoint_changes_pending').every(count => count === 0)
  );
}

describe.skipIf(kubeProxy === '')(
  'the metrics of one cluster (where scripts/build-kubernetes.sh kube-proxy was run)',
  () => {
    const sandbox = useNetwork({ ...topology, nodes: [...topology.nodes, master] }, controlPlaneSandbox);
    let proxy: KubeProxy;

    /** Returns no metrics as long as no server listens. */
    const metrics = async () => {
      const { stdout } = await sandbox().run(['curl', '-s', 'http://127.0.0.1:10249/metrics'], { namespace: node });
      return parseExposition(stdout);
    };
    const page = async (path: string): Promise<RecordedPage> => {
      const format = ['-s', '-o', '/dev/null', '-w', '%{http_code} %{content_type}'];
      const text = await output(sandbox(), ['curl', ...format, `http://127.0.0.1:${path}`], { namespace: node });
      const [code = '', ...contentType] = text.split(' ');
      return { page: path, code: Number(code), contentType: contentType.join(' ') };
    };
    const apply = async (...changed: readonly unknown[]): Promise<void> => {
      const list = { apiVersion: 'v1', kind: 'List', items: changed };
      const result = await proxy.cluster.kubectl(
        ['apply', '--server-side', '--force-conflicts', '-f', '-'],
        JSON.stringify(list),
      );
      if (result.exitCode !== 0) throw new Error(result.stderr);
    };

    /** Changes the cluster and probes the program on the node, and returns its metrics when it has followed. */
    async function exercise() {
      for (const path of ['10256/healthz', '10256/healthz', '10256/livez']) await page(path);
      const cause = (await output(sandbox(), ['date', '-u', '+%FT%T.%NZ'])).trim();
      const annotations = { 'endpoints.kubernetes.io/last-change-trigger-time': cause };
      const slice = sliceOf({ ...services.dns, backends: ['far-1'] });
      await apply({ ...slice, metadata: { ...slice?.metadata, annotations } }, ...remoteObjects);
      return eventually(metrics, hasFollowed, controlPlaneMilliseconds);
    }

    beforeAll(async () => {
      proxy = await startCluster(sandbox(), kubeProxy, objects);
    }, controlPlaneMilliseconds);

    test(
      'those of kube-proxy are as recorded',
      async () => {
        await proxy.program({});
        const found = await exercise();
        const pages = await Promise.all([...paths, ...otherPaths].map(page));
        const record = { metrics: found.filter(isOfEveryBuild).map(recordOf), pages, samples: countableSamples(found) };
        if (process.env.KPROXY_RECORD) writeRecord(record);
        expect(record).toEqual(readRecord());
        await proxy.stop();
        await apply(sliceOf(services.dns));
        await proxy.cluster.kubectl(['delete', 'service,endpointslice', '-l', 'kubernetes.io/service-name=remote']);
        await proxy.cluster.kubectl(['delete', 'service', 'remote']);
      },
      controlPlaneMilliseconds,
    );

    test(
      'kproxy counts the same changes, probes and Services as kube-proxy, and its servers answer the same',
      async () => {
        const argv = ['sync', '--watch', '--node', node, '--cluster-cidr', clusterCidr];
        const kproxy = proxy.cluster.watch(node, argv);
        await eventually(metrics, found =>
          found.some(
            ({ name, samples }) => name.endsWith('last_timestamp_seconds') && Object.keys(samples).length === 2,
          ),
        );
        const { samples, pages } = readRecord();
        expect(countableSamples(await exercise())).toEqual(samples);
        const same = pages.filter(({ page: path }) => paths.includes(path));
        expect(await Promise.all(paths.map(page))).toEqual(same);
        kproxy.kill('SIGTERM');
        await kproxy.result;
      },
      controlPlaneMilliseconds,
    );
  },
);
