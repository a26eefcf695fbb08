import { expect, test } from 'vitest';
import { KproxyCommand } from '../../src/cli/command.js';
import { addOptions } from '../../src/cli/options/add-options.js';
import { kubeProxyOptions, kubeProxySetting } from '../../src/cli/options/kube-proxy-options.js';
import { type SyncWatchFlags, syncWatchOptions, syncWatchSetting } from '../../src/cli/options/watch.js';
import { bindAddressText } from '../../src/net/bind-address.js';
import { configurationOf } from '../../src/proxy/configuration/configuration.js';

const header = { apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration' };

/** Returns the setting of `kproxy sync --watch` with these flags and this file. */
async function setting(words: readonly string[], value: Readonly<Record<string, unknown>> = {}) {
  const command = new KproxyCommand('sync');
  addOptions(command, [syncWatchOptions()]);
  addOptions(command, [kubeProxyOptions(command)]);
  command.parse([...words], { from: 'user' });
  const file = { source: '--config file', value: { ...header, ...value } };
  const configuration = configurationOf(file, kubeProxySetting(command).fields);
  const { healthzBindAddress, metricsBindAddress, ...others } = await syncWatchSetting(
    command.opts<SyncWatchFlags>(),
    configuration,
    command,
  );
  return {
    ...others,
    healthzBindAddress: healthzBindAddress === undefined ? '' : bindAddressText(healthzBindAddress),
    metricsBindAddress: metricsBindAddress === undefined ? '' : bindAddressText(metricsBindAddress),
  };
}

const standard = {
  syncPeriod: 30_000,
  minSyncPeriod: 0,
  healthzBindAddress: '0.0.0.0:10256',
  metricsBindAddress: '127.0.0.1:10249',
  bindAddressHardFail: false,
  oomScoreAdj: -999,
  logFormat: 'text',
  verbose: false,
};

const everything = {
  ipvs: { syncPeriod: '1m', minSyncPeriod: '2s' },
  healthzBindAddress: '127.0.0.1',
  metricsBindAddress: '[::]:9999',
  bindAddressHardFail: true,
  oomScoreAdj: 0,
  logging: { format: 'json', verbosity: 3 },
};

test.each<readonly [readonly string[], Readonly<Record<string, unknown>>, Partial<typeof standard>]>([
  [[], {}, {}],
  [
    [],
    everything,
    {
      syncPeriod: 60_000,
      minSyncPeriod: 2_000,
      healthzBindAddress: '127.0.0.1:10256',
      metricsBindAddress: '[::]:9999',
      bindAddressHardFail: true,
      oomScoreAdj: 0,
      logFormat: 'json',
      verbose: true,
    },
  ],
  [
    [
      ...['--ipvs-sync-period=5m', '--ipvs-min-sync-period=0', '--healthz-bind-address=::1', '--metrics-port=0'],
      ...['--bind-address-hard-fail=false', '--oom-score-adj', '-1000', '--logging-format=text', '-v2'],
    ],
    everything,
    { syncPeriod: 300_000, healthzBindAddress: '[::1]:10256', metricsBindAddress: '', oomScoreAdj: -1_000 },
  ],
  [['--sync-period=10', '--ipvs-sync-period=1m'], {}, { syncPeriod: 10_000 }],
  [['--log-format=text', '--logging-format=json', '-v', '--v=0'], {}, { verbose: true }],
  [['--healthz-bind-address='], {}, { healthzBindAddress: '' }],
  [
    ['--healthz-bind-address=127.0.0.1', '--healthz-port=80', '--metrics-port=81'],
    {},
    { healthzBindAddress: '127.0.0.1:80' },
  ],
  [[], { bindAddress: 'fd00::1' }, { healthzBindAddress: '[::]:10256', metricsBindAddress: '[::1]:10249' }],
  [[], { bindAddress: '::' }, { healthzBindAddress: '[::]:10256', metricsBindAddress: '[::1]:10249' }],
  [['--bind-address=fd00::1'], {}, {}],
])('%j with %j', async (words, value, expected) => {
  expect(await setting(words, value)).toEqual({ ...standard, ...expected });
});

test('a least time between syncs that is longer than the sync period is refused', async () => {
  await expect(setting(['--ipvs-min-sync-period=31s'])).rejects.toThrow(
    '--ipvs-min-sync-period: 31 s are longer than the sync period of 30 s',
  );
  await expect(setting([], { ipvs: { minSyncPeriod: '2m', syncPeriod: '1m' } })).rejects.toMatchObject({
    code: 'configuration-invalid',
    message: '--config file, ipvs.minSyncPeriod: 120 s are longer than the sync period of 60 s',
  });
});

test('a port that is none is refused', async () => {
  await expect(setting(['--healthz-port=many'])).rejects.toThrow('--healthz-port: "many" is not a port number');
});
