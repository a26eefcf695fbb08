import { type Command, Option } from 'commander';
import type { WatchSyncSetting } from '../../commands/watch/watch-sync.js';
import type { Configuration } from '../../proxy/configuration/configuration.js';
import type { ServerPorts } from '../../proxy/configuration/server-addresses.js';
import { parseDuration } from './duration.js';
import { onlyWith, orEmpty } from './rules.js';

/** The flags of a command that can stay and follow the cluster. */
export interface WatchFlags {
  readonly watch?: boolean;
  readonly verbose?: boolean;
  readonly logFormat: 'text' | 'json';
}

export interface SyncWatchFlags extends WatchFlags, ServerPorts {
  /** In milliseconds. */
  readonly syncPeriod: number;
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
  ),
  // Without --watch, flags of kube-proxy are named and not used: a node's list of them serves every command.
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
];

export type SyncWatchSetting = Pick<
  WatchSyncSetting,
  | 'syncPeriod'
  | 'healthzBindAddress'
  | 'metricsBindAddress'
  | 'minSyncPeriod'
  | 'bindAddressHardFail'
  | 'oomScoreAdj'
  | 'logFormat'
  | 'verbose'
>;

/** kube-proxy says at this level what it changes and that it syncs. */
const verboseLevel = 3;

/**
 * Returns the settings of --watch: kproxy's own flags override those of kube-proxy, which override the file.
 * @throws KproxyError option-invalid
 */
export async function syncWatchSetting(
  flags: SyncWatchFlags,
  configuration: Configuration,
  command: Command,
): Promise<SyncWatchSetting> {
  const [{ serverAddresses }, { syncPeriods }] = await Promise.all([
    import('../../proxy/configuration/server-addresses.js'),
    import('../../proxy/configuration/sync-periods.js'),
  ]);
  const { values } = configuration;
  const isOwn = (name: keyof SyncWatchFlags) => command.getOptionValueSource(name) === 'cli';
  return {
    ...serverAddresses(configuration, flags),
    ...syncPeriods(configuration, isOwn('syncPeriod') ? flags.syncPeriod : undefined),
    bindAddressHardFail: values.bindAddressHardFail,
    oomScoreAdj: values.oomScoreAdj,
    logFormat: isOwn('logFormat') ? flags.logFormat : values['logging.format'],
    verbose: isOwn('verbose') ? (flags.verbose ?? false) : values['logging.verbosity'] >= verboseLevel,
  };
}
