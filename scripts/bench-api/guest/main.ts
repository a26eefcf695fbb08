// Measures in the guest: a real control plane, kproxy and kube-proxy, each on a node of its own. Prints the
// measurements as JSON, and progress on standard error. Started by ../run-in-sandbox.ts.
import { writeFileSync } from 'node:fs';
import { connectApi } from './api.js';
import { AuditLog } from './audit.js';
import { addContestant } from './contestant.js';
import { startControlPlane } from './control-plane.js';
import { createNodes, createServices } from './fill.js';
import type { Job, Measurement } from './job.js';
import { measure } from './measure.js';
import { nodeNameOf } from './node-object.js';

const job = JSON.parse(process.argv[2] ?? '') as Job;
const report = (text: string): void => void process.stderr.write(`${text}\n`);
const folder = '/tmp/bench-api';
const node = nodeNameOf(0);
const clusterCidr = '10.64.0.0/14';

/** Returns kube-proxy's defaults, which ask for protobuf, with the names of this cluster. */
function writeKubeProxyConfiguration(kubeconfig: string): string {
  const path = '/tmp/bench-api-kube-proxy.json';
  const configuration = {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'ipvs',
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

async function measureAll(): Promise<readonly Measurement[]> {
  report('starting the control plane');
  const controlPlane = await startControlPlane(job, folder);
  const api = connectApi(controlPlane.kubeconfig);
  const measurements: Measurement[] = [];
  let existing = 0;
  for (const nodes of job.nodes) {
    report(`${nodes} nodes: creating them`);
    await createNodes(api, existing, nodes);
    if (existing === 0) {
      report('creating Pods and Services');
      await createServices(api);
    }
    existing = nodes;
    const shared = { controlPlane, audit: new AuditLog(controlPlane.auditLog), programs: job.programs };
    const kproxy = await addContestant({
      ...shared,
      name: 'kproxy',
      index: 1,
      argv: kubeconfig => [...kproxyCommand('sync', '--watch'), '--kubeconfig', kubeconfig],
    });
    const kubeProxy = await addContestant({
      ...shared,
      name: 'kube-proxy',
      index: 2,
      argv: kubeconfig => [`${job.programs}/kube-proxy`, '--config', writeKubeProxyConfiguration(kubeconfig)],
    });
    measurements.push(await measure({ api, kproxy, kubeProxy, oneShot: kproxyCommand, report }, nodes));
    await kproxy.remove();
    await kubeProxy.remove();
    controlPlane.check();
  }
  api.close();
  await controlPlane.stop();
  return measurements;
}

process.stdout.write(`${JSON.stringify(await measureAll())}\n`);
