import type { NodeMachine } from '../../../../src/sandbox/network/topology.js';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { type ControlPlane, startControlPlane } from '../../support/control-plane.js';
import { clusterCidr } from '../services/network.js';

/** The machine of the control plane. */
export const master: NodeMachine = {
  name: 'master',
  addresses: ['192.168.33.10/24', 'fd00:192:168:33::10/64'],
  podBridge: [],
};

/**
 * kube-proxy's defaults, except for the cluster's own settings. A network namespace has no connection limits that could
 * be set.
 */
const configuration = {
  apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
  kind: 'KubeProxyConfiguration',
  mode: 'ipvs',
  hostnameOverride: 'node',
  clusterCIDR: clusterCidr,
  clientConnection: { kubeconfig: '/tmp/control-plane/kubeconfig' },
  // A resync takes as long as the first sync, and would run while packets are recorded.
  ipvs: { syncPeriod: '1h' },
  conntrack: { maxPerCore: 0, min: 0 },
};

/** An object of Kubernetes. Only its kind matters here. */
interface ClusterObject {
  readonly kind: string;
}

/** Writes the status of a Service, which the API server accepts only separately. */
async function createObjects(cluster: ControlPlane, objects: readonly ClusterObject[]): Promise<void> {
  const list = (items: readonly unknown[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const kubectl = async (argv: readonly string[], items: readonly unknown[]) => {
    const { exitCode, stderr } = await cluster.kubectl([...argv, '-f', '-'], list(items));
    if (exitCode !== 0) throw new Error(stderr);
  };
  await kubectl(['create'], objects);
  const services = objects.filter(({ kind }) => kind === 'Service');
  await kubectl(['apply', '--server-side', '--force-conflicts', '--subresource=status'], services);
}

const lastSync = /^kubeproxy_sync_proxy_rules_last_timestamp_seconds\S* (\S+)$/gm;

/** Waits until kube-proxy reports its first sync for IPv4 and for IPv6. */
async function untilProgrammed(sandbox: Sandbox): Promise<void> {
  for (let programmed = false; !programmed; ) {
    await new Promise(resolve => setTimeout(resolve, 2_000));
    const { stdout } = await sandbox.run(['curl', '-s', 'http://127.0.0.1:10249/metrics'], { namespace: 'node' });
    const times = [...stdout.matchAll(lastSync)].map(([, time]) => Number(time));
    programmed = times.length === 2 && times.every(time => time > 0);
  }
}

/** kube-proxy for the node under test. */
export interface KubeProxy {
  readonly cluster: ControlPlane;
  /** Kills kube-proxy. What it has programmed stays. */
  stop(): Promise<void>;
  /** Restarts kube-proxy with further fields of its configuration. Resolves when the node is programmed. */
  program(options: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Starts a control plane on the master and creates these objects in it. */
export async function startCluster(
  sandbox: Sandbox,
  kubeProxy: string,
  objects: readonly ClusterObject[],
): Promise<KubeProxy> {
  const cluster = await startControlPlane(sandbox, master.name, '192.168.33.10');
  await createObjects(cluster, objects);
  let stop = async () => {};
  return {
    cluster,
    stop: () => stop(),
    async program(options) {
      await stop();
      await sandbox.writeFile('/tmp/kube-proxy.json', JSON.stringify({ ...configuration, ...options }));
      const proxy = sandbox.start([kubeProxy, '--config', '/tmp/kube-proxy.json'], { namespace: 'node' });
      stop = async () => {
        proxy.kill('SIGKILL');
        await proxy.result;
      };
      const ended = proxy.result.then(({ stderr }) => Promise.reject(new Error(`kube-proxy ended: ${stderr}`)));
      await Promise.race([untilProgrammed(sandbox), ended]);
      ended.catch(() => {});
    },
  };
}
