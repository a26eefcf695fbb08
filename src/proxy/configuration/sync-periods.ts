import { KproxyError } from '../../errors.js';
import type { Configuration, Origin } from './configuration.js';

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
export function syncPeriods({ values, originOf }: Configuration, own: number | undefined): SyncPeriods {
  const syncPeriod = own ?? values['ipvs.syncPeriod'];
  const minSyncPeriod = values['ipvs.minSyncPeriod'];
  if (minSyncPeriod <= syncPeriod) return { syncPeriod, minSyncPeriod };
  const origin = originOf('ipvs.minSyncPeriod');
  throw new KproxyError({
    message: `${nameOf(origin)}: ${minSyncPeriod / 1_000} s are longer than the sync period of ${syncPeriod / 1_000} s`,
    advice: 'Give a longer sync period (--sync-period, ipvs.syncPeriod), or a shorter least time. Nothing was changed.',
    code: origin.from === 'file' ? 'configuration-invalid' : 'option-invalid',
  });
}

const nameOf = (origin: Origin): string => (origin.from === 'default' ? 'ipvs.minSyncPeriod' : origin.name);
