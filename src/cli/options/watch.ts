import { type Command, Option } from 'commander';
import type { WatchSyncSetting } from '../../commands/watch/watch-sync.js';
import type { KubeProxyConfiguration } from '../../proxy/configuration/kube-proxy-configuration.js';
import { parseDuration } from './duration.js';
import { onlyWith, orEmpty } from './rules.js';

/** The flags of a command that can stay and follow the cluster. */
export interface WatchFlags {
  readonly watch?: boolean;
  readonly verbose?: boolean;
  readonly logFormat: 'text' | 'json';
}

export interface SyncWatchFlags extends WatchFlags {
  /** In milliseconds. */
  readonly syncPeriod: number;
  readonly healthzBindAddress: string;
  readonly metricsBindAddress: string;
}

export const watchOptions = (): readonly Option[] => [
  new Option('-w, --watch', 'stay until interrupted, and follow every change'),
  ...onlyWith(
    '--watch',
    new Option('-v, --verbose', 'with --watch: log every change, and syncs that change nothing'),
    new Option('--log-format <format>', 'with --watch: how it logs').choices(['text', 'json']).default('text'),
  ),
];

export const syncWatchOptions = (): readonly Option[] => [
  ...watchOptions(),
  ...onlyWith(
    '--watch',
    new Option('--sync-period <duration>', 'with --watch: how often the whole node is read and corrected')
      .argParser(parseDuration)
      .default(30_000, '30s'),
    orEmpty(
      new Option(
        '--healthz-bind-address <address>',
        "with --watch: where /healthz and /livez are served; '' is nowhere",
      ).default('0.0.0.0:10256'),
    ),
    orEmpty(
      new Option('--metrics-bind-address <address>', "with --watch: where /metrics is served; '' is nowhere").default(
        '127.0.0.1:10249',
      ),
    ),
  ),
];

export type SyncWatchSetting = Pick<SyncWatchFlags, 'syncPeriod' | 'healthzBindAddress' | 'metricsBindAddress'> &
  Pick<WatchSyncSetting, 'minSyncPeriod' | 'bindAddressHardFail' | 'oomScoreAdj'>;

/** Returns the settings of --watch: an option that is not on the command line takes the configuration's value. */
export function syncWatchSetting(
  { syncPeriod, healthzBindAddress, metricsBindAddress }: SyncWatchFlags,
  configuration: KubeProxyConfiguration | undefined,
  command: Command,
): SyncWatchSetting {
  const isDefault = (name: keyof SyncWatchFlags) => command.getOptionValueSource(name) === 'default';
  return {
    syncPeriod: (isDefault('syncPeriod') && configuration?.ipvs?.syncPeriod) || syncPeriod,
    healthzBindAddress: (isDefault('healthzBindAddress') && configuration?.healthzBindAddress) || healthzBindAddress,
    metricsBindAddress: (isDefault('metricsBindAddress') && configuration?.metricsBindAddress) || metricsBindAddress,
    minSyncPeriod: 0,
    bindAddressHardFail: false,
    oomScoreAdj: -999,
  };
}
