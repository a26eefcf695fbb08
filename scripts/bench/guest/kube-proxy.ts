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

/** How long its first sync took is what it says itself: without its start. */
export async function kubeProxy(task: KubeProxyTask): Promise<WatchFigures> {
  const api = await serveCluster(task.cluster);
  writeFileSync('/tmp/bench-kube-proxy.json', JSON.stringify(configuration(api.kubeconfig)));
  const [program = '', ...rest] = task.argv;
  const log = openSync('/tmp/bench-kube-proxy.log', 'w');
  const child = spawn(program, [...rest, '--config', '/tmp/bench-kube-proxy.json'], { stdio: ['ignore', log, log] });
  const meter = peakMeter(child.pid ?? 0);
  try {
    const isOver = () => child.exitCode !== null;
    const firstSync = await firstSyncOf(isOver);
    if (listing().split('->').length - 2 < task.services * task.endpoints)
      throw new Error('kube-proxy says that it has synced, and the kernel has not got all real servers');
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

const durations = /^kubeproxy_sync_proxy_rules_duration_seconds_(count|sum)\{ip_family="IPv4"\} (\S+)$/gm;

/** Milliseconds, from kube-proxy's own metrics. */
async function firstSyncOf(isOver: () => boolean): Promise<number> {
  let seconds = 0;
  const isSynced = async (): Promise<boolean> => {
    const text = await fetch('http://127.0.0.1:10249/metrics').then(
      answer => answer.text(),
      () => '',
    );
    const values = Object.fromEntries([...text.matchAll(durations)].map(([, name, value]) => [name, Number(value)]));
    seconds = values.sum ?? 0;
    return (values.count ?? 0) > 0;
  };
  await until(isSynced, isOver);
  return seconds * 1_000;
}

function listing(): string {
  try {
    return readFileSync('/proc/net/ip_vs', 'utf8');
  } catch {
    return '';
  }
}

async function until(isReached: () => boolean | Promise<boolean>, isOver: () => boolean): Promise<void> {
  const start = performance.now();
  while (!(await isReached())) {
    if (isOver() || performance.now() - start > longestSync) throw new Error(`kube-proxy:\n${lastWords()}`);
    await sleep(lookMilliseconds);
  }
}

const lastWords = (): string => readFileSync('/tmp/bench-kube-proxy.log', 'utf8').slice(-3_000);
