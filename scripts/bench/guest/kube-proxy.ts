import { spawn } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { clusterCidr, endpointAdded, nodeName } from '../cluster.js';
import { serveCluster } from './api-server.js';
import { peakMeter } from './memory.js';
import type { KubeProxyTask, WatchFigures } from './task.js';

/** How often the kernel's listing is looked at: rarely, so that looking costs kube-proxy little. */
const lookMilliseconds = 100;
const longestSync = 600_000;

/** kube-proxy's defaults but for what says which cluster this is; a network namespace has no limits of connections of its own to set. */
const configuration = (kubeconfig: string) => ({
  apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
  kind: 'KubeProxyConfiguration',
  mode: 'ipvs',
  hostnameOverride: nodeName,
  clusterCIDR: clusterCidr,
  clientConnection: { kubeconfig, contentType: 'application/json', acceptContentTypes: 'application/json' },
  ipvs: { syncPeriod: '1h' },
  conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
});

/** Its first sync lasts from its first virtual server or set to the last real server, as the kernel's listing shows it. */
export async function kubeProxy(task: KubeProxyTask): Promise<WatchFigures> {
  const api = await serveCluster(task.cluster);
  writeFileSync('/tmp/bench-kube-proxy.json', JSON.stringify(configuration(api.kubeconfig)));
  const [program = '', ...rest] = task.argv;
  const log = openSync('/tmp/bench-kube-proxy.log', 'w');
  const child = spawn(program, [...rest, '--config', '/tmp/bench-kube-proxy.json'], { stdio: ['ignore', log, log] });
  const meter = peakMeter(child.pid ?? 0);
  try {
    const isOver = () => child.exitCode !== null;
    await until(() => listing().includes('\nTCP '), isOver);
    const start = performance.now();
    const servers = task.services * task.endpoints;
    await until(() => listing().split('->').length - 2 >= servers, isOver);
    const firstSync = performance.now() - start;
    meter.look();
    const milliseconds: number[] = [];
    for (let index = 0; index < task.changes; index += 1) {
      await sleep(5_000);
      const change = endpointAdded(task, index * Math.floor(task.services / task.changes));
      const before = performance.now();
      api.change(change.slice);
      await until(() => listing().includes(change.realServer), isOver);
      milliseconds.push(performance.now() - before);
      meter.look();
    }
    return { milliseconds, firstSync, peak: meter.peak() };
  } finally {
    child.kill('SIGKILL');
    api.close();
  }
}

function listing(): string {
  try {
    return readFileSync('/proc/net/ip_vs', 'utf8');
  } catch {
    return '';
  }
}

async function until(isReached: () => boolean, isOver: () => boolean): Promise<void> {
  const start = performance.now();
  while (!isReached()) {
    if (isOver() || performance.now() - start > longestSync) throw new Error(`kube-proxy:\n${lastWords()}`);
    await sleep(lookMilliseconds);
  }
}

const lastWords = (): string => readFileSync('/tmp/bench-kube-proxy.log', 'utf8').slice(-3_000);
