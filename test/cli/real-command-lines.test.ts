import { expect, test } from 'vitest';
import { KproxyCommand } from '../../src/cli/command.js';
import { addOptions } from '../../src/cli/options/add-options.js';
import { kubeProxyOptions, kubeProxySetting } from '../../src/cli/options/kube-proxy-options.js';
import { nodeOptions } from '../../src/cli/options/node.js';
import { syncWatchOptions } from '../../src/cli/options/watch.js';
import { configurationOf } from '../../src/proxy/configuration/configuration.js';
import type { FieldValues } from '../../src/proxy/configuration/fields.js';
import { configurationNotes } from '../../src/proxy/configuration/notes.js';

interface Reading {
  /** The fields that differ from their default. */
  readonly values: Partial<FieldValues>;
  readonly notes: readonly string[];
  readonly former: readonly string[];
}

const defaults = configurationOf(undefined, new Map()).values;

function read(line: string): Reading {
  const command = new KproxyCommand('sync');
  addOptions(command, [nodeOptions(), syncWatchOptions()]);
  addOptions(command, [kubeProxyOptions(command)]);
  command.parse(line.split(' '), { from: 'user' });
  const { fields, former } = kubeProxySetting(command);
  const configuration = configurationOf(undefined, fields);
  const changed = Object.entries(configuration.values).filter(
    ([path, value]) => JSON.stringify(value) !== JSON.stringify(defaults[path as keyof FieldValues]),
  );
  return { values: Object.fromEntries(changed), notes: configurationNotes(configuration, undefined), former };
}

const iptables = (name: string) =>
  `${name}: not used: kproxy has the ipvs mode only, which uses ipvs.syncPeriod and ipvs.minSyncPeriod`;

// What installers of clusters start kube-proxy with, without the paths.
test.each<readonly [string, string, Partial<Reading>]>([
  [
    'by hand',
    '--cluster-cidr=10.200.0.0/16 --proxy-mode=ipvs --conntrack-max-per-core=0 --v=2',
    { values: { clusterCIDR: '10.200.0.0/16', 'conntrack.maxPerCore': 0, 'logging.verbosity': 2 } },
  ],
  [
    'k3s and rke2',
    '--cluster-cidr=10.42.0.0/16 --conntrack-max-per-core=0 --conntrack-tcp-timeout-close-wait=0s ' +
      '--conntrack-tcp-timeout-established=0s --healthz-bind-address=127.0.0.1 --hostname-override=a --proxy-mode=ipvs',
    {
      values: {
        clusterCIDR: '10.42.0.0/16',
        'conntrack.maxPerCore': 0,
        'conntrack.tcpCloseWaitTimeout': 0,
        'conntrack.tcpEstablishedTimeout': 0,
        healthzBindAddress: '127.0.0.1',
        hostnameOverride: 'a',
      },
    },
  ],
  [
    'kops',
    '--conntrack-max-per-core=131072 --logtostderr=false --alsologtostderr=true --log-file=/var/log/kube-proxy.log ' +
      '--resource-container= --oom-score-adj=-998 --v=2 --proxy-mode=ipvs',
    {
      values: { 'conntrack.maxPerCore': 131_072, 'logging.verbosity': 2, oomScoreAdj: -998 },
      former: ['--alsologtostderr', '--logtostderr', '--log-file', '--resource-container'],
    },
  ],
  [
    'GKE',
    '--cluster-cidr=10.0.0.0/14 --oom-score-adj=-998 --v=2 --iptables-sync-period=1m --iptables-min-sync-period=10s ' +
      '--feature-gates=ExecProbeTimeout=false,RotateKubeletServerCertificate=true --ipvs-sync-period=1m ' +
      '--ipvs-min-sync-period=10s --detect-local-mode=NodeCIDR --proxy-mode=ipvs',
    {
      values: {
        featureGates: { ExecProbeTimeout: false, RotateKubeletServerCertificate: true },
        'logging.verbosity': 2,
        'iptables.syncPeriod': 60_000,
        'iptables.minSyncPeriod': 10_000,
        'ipvs.syncPeriod': 60_000,
        'ipvs.minSyncPeriod': 10_000,
        detectLocalMode: 'NodeCIDR',
        clusterCIDR: '10.0.0.0/14',
        oomScoreAdj: -998,
      },
      notes: [
        iptables('--iptables-sync-period, --iptables-min-sync-period'),
        '--feature-gates: ExecProbeTimeout: not used: kproxy has no such feature gate',
      ],
    },
  ],
])('the command line of kube-proxy from %s is taken', (_, line, expected) => {
  expect(read(line)).toEqual({ notes: [], former: [], ...expected });
});
