import { spawn } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { clusterCidr, endpointAddition } from '../cluster.js';
import { nodeName } from '../objects.js';
import { serveCluster } from './api-server.js';
import { PeakMeter } from './memory.js';
import type { KubeProxyTask, WatchFigures } from './task.js';

/** Milliseconds between two reads of the kernel's table: long enough to cost kube-proxy little. */
const readInterval = 100;
const syncTimeout = 600_000;
const configurationFile = '/tmp/bench-kube-proxy.json';
const logFile = '/tmp/bench-kube-proxy.log';

/**
 * Returns kube-proxy's defaults, with the names of this cluster. A network namespace has no connection limits of its
 * own to set.
 */
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

/** Runs the real kube-proxy. The time of its first sync comes from its own metrics and does not include its start. */
export async function runKubeProxy(task: KubeProxyTask): Promise<WatchFigures> {
  const api = await serveCluster(task.cluster);
  writeFileSync(configurationFile, JSON.stringify(configuration(api.kubeconfig)));
  const [program = '', ...rest] = task.argv;
  const log = openSync(logFile, 'w');
  const child = spawn(program, [...rest, '--config', configurationFile], { stdio: ['ignore', log, log] });
  const meter = new PeakMeter(child.pid ?? 0);
  const hasExited = () => child.exitCode !== null;
  try {
    const firstSync = await waitForFirstSync(hasExited);
    if (readTable().split('->').length - 2 < task.services * task.endpoints)
      throw new Error('kube-proxy reports that it has synced, but the kernel lacks real servers');
    meter.sample();
    const milliseconds: number[] = [];
    for (let index = 0; index < task.changes; index += 1) {
      await sleep(5_000);
      const change = endpointAddition(task, index * Math.floor(task.services / task.changes));
      const start = performance.now();
      api.change(change.slice);
      await waitUntil(() => readTable().includes(change.realServer), hasExited);
      milliseconds.push(performance.now() - start);
      meter.sample();
    }
    return { milliseconds, firstSync, peak: meter.peak };
  } finally {
    child.kill('SIGKILL');
    api.close();
  }
}

const durations = /^kubeproxy_sync_proxy_rules_duration_seconds_(count|sum)\{ip_family="IPv4"\} (\S+)$/gm;

/** Waits for the first sync and returns its milliseconds, from kube-proxy's metrics. */
async function waitForFirstSync(hasExited: () => boolean): Promise<number> {
  let seconds = 0;
  const isSynced = async (): Promise<boolean> => {
    const text = await fetch('http://127.0.0.1:10249/metrics').then(
      response => response.text(),
      () => '',
    );
    const values = Object.fromEntries([...text.matchAll(durations)].map(([, name, value]) => [name, Number(value)]));
    seconds = values.sum ?? 0;
    return (values.count ?? 0) > 0;
  };
  await waitUntil(isSynced, hasExited);
  return seconds * 1_000;
}

/** Reads the kernel's table of virtual servers. Returns an empty text if IPVS is not loaded yet. */
function readTable(): string {
  try {
    return readFileSync('/proc/net/ip_vs', 'utf8');
  } catch {
    return '';
  }
}

async function waitUntil(condition: () => boolean | Promise<boolean>, hasExited: () => boolean): Promise<void> {
  const start = performance.now();
  while (!(await condition())) {
    if (hasExited() || performance.now() - start > syncTimeout) throw new Error(`kube-proxy:\n${endOfLog()}`);
    await sleep(readInterval);
  }
}

const endOfLog = (): string => readFileSync(logFile, 'utf8').slice(-3_000);
