// Measures in the guest: a real control plane, kproxy and kube-proxy, each on a node of its own. Prints the
// measurements as JSON, and progress on standard error. Started by ../run-in-sandbox.ts.
import { writeFileSync } from 'node:fs';
import { type Api, connectApi } from './api.js';
import { AuditLog } from './audit.js';
import { addContestant, endpointRulesOf, realServersOf } from './contestant.js';
import { type ControlPlane, startControlPlane } from './control-plane.js';
import { createNodes, createServices } from './fill.js';
import type { Job, Measurement } from './job.js';
import { measure } from './measure.js';
import { nodeNameOf } from './node-object.js';

const job = JSON.parse(process.argv[2] ?? '') as Job;
const report = (text: string): void => void process.stderr.write(`${text}\n`);
const folder = '/tmp/bench-api';
const node = nodeNameOf(0);
const clusterCidr = '10.64.0.0/14';

/**
 * Returns kube-proxy's defaults, which ask for protobuf, with the names of this cluster. kube-proxy asks for the same
 * in every mode, and in iptables mode it programs this kernel in seconds instead of minutes.
 */
function writeKubeProxyConfiguration(kubeconfig: string): string {
  const path = '/tmp/bench-api-kube-proxy.json';
  const configuration = {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'iptables',
    hostnameOverride: node,
    clusterCIDR: clusterCidr,
    clientConnection: { kubeconfig },
    // A network namespace has no connection limits of its own to set.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  };
  writeFileSync(path, JSON.stringify(configuration));
  return path;
}

const kproxyCommand = (...argv: readonly string[]): readonly string[] => [
  process.execPath,
  job.kproxy,
  ...argv,
  '--node',
  node,
  '--cluster-cidr',
  clusterCidr,
];

interface Cluster {
  readonly controlPlane: ControlPlane;
  readonly api: Api;
}

async function measureAll(cluster: Cluster): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  let existing = 0;
  for (const nodes of job.nodes) {
    report(`${nodes} nodes: creating them`);
    await createNodes(cluster.api, existing, nodes);
    if (existing === 0) {
      report('creating Pods and Services');
      await createServices(cluster.api);
    }
    existing = nodes;
    measurements.push(await measureSize(cluster, nodes));
    cluster.controlPlane.check();
  }
  return measurements;
}

async function measureSize({ controlPlane, api }: Cluster, nodes: number): Promise<Measurement> {
  const shared = { controlPlane, audit: new AuditLog(controlPlane.auditLog), programs: job.programs };
  const kproxy = await addContestant({
    ...shared,
    name: 'kproxy',
    index: 1,
    countEndpoints: realServersOf,
    argv: kubeconfig => [...kproxyCommand('sync', '--watch'), '--kubeconfig', kubeconfig],
  });
  const kubeProxy = await addContestant({
    ...shared,
    name: 'kube-proxy',
    index: 2,
    countEndpoints: endpointRulesOf,
    argv: kubeconfig => [`${job.programs}/kube-proxy`, '--config', writeKubeProxyConfiguration(kubeconfig)],
  });
  try {
    return await measure({ api, kproxy, kubeProxy, oneShot: kproxyCommand, report }, nodes);
  } finally {
    await kproxy.remove();
    await kubeProxy.remove();
  }
}

report('starting the control plane');
const controlPlane = await startControlPlane(job, folder);
const api = connectApi(controlPlane.kubeconfig);
try {
  process.stdout.write(`${JSON.stringify(await measureAll({ controlPlane, api }))}\n`);
} finally {
  api.close();
  await controlPlane.stop();
}
