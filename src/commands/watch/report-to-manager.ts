import { failedStatus, syncedStatus } from '../../output/sync-status.js';
import type { ServiceManager } from '../../service-manager/service-manager.js';
import type { WatchObserver } from './observers.js';

/** Reports syncs to the service manager. Partial syncs that change nothing are not worth a message. */
export const reportToManager = (manager: ServiceManager, now: () => Date): WatchObserver => ({
  onSynced: (report, store) => {
    if (report.isWhole || report.result.plan.length > 0)
      manager.status(syncedStatus(report, store.objects('Service').size, now()));
    manager.ready();
  },
  onFailed: (error, nextMilliseconds) => manager.status(failedStatus(error, nextMilliseconds, now())),
});
