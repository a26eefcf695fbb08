import { type Configuration, wrongValue } from './configuration.js';

/** In milliseconds. */
export interface SyncPeriods {
  readonly syncPeriod: number;
  readonly minSyncPeriod: number;
}

/**
 * Returns how often the node is synced.
 * @param own the value of `--sync-period`, kproxy's name of `--ipvs-sync-period`
 * @throws KproxyError option-invalid or configuration-invalid if the least time is longer than the period
 */
export function syncPeriods(configuration: Configuration, own: number | undefined): SyncPeriods {
  const { values } = configuration;
  const syncPeriod = own ?? values['ipvs.syncPeriod'];
  const minSyncPeriod = values['ipvs.minSyncPeriod'];
  if (minSyncPeriod <= syncPeriod) return { syncPeriod, minSyncPeriod };
  throw wrongValue(
    configuration,
    'ipvs.minSyncPeriod',
    `${minSyncPeriod / 1_000} s are longer than the sync period of ${syncPeriod / 1_000} s`,
    'Give a longer sync period (--sync-period, ipvs.syncPeriod), or a shorter least time.',
  );
}
