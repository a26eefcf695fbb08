import { storeRemarks } from '../../cluster/remark.js';
import { createFailureLog } from '../../output/failure-log.js';
import type { Log } from '../../output/log.js';
import { createRemarkLog } from '../../output/remark-log.js';
import { logSync } from '../../output/sync-log.js';
import { serviceRemarks } from '../shared/service-remarks.js';
import type { WatchObserver } from './observers.js';
import { reportOwnNode } from './own-node.js';

/**
 * Logs what happens, and what is wrong with objects, Services and the name of the node, within the bounds of
 * `remark-log.ts`.
 */
export function logSyncs(log: Log, nodeName: string): WatchObserver {
  const reportObjects = createRemarkLog(log.warning);
  const reportServices = createRemarkLog(log.warning);
  const failures = createFailureLog(log);
  const reportNode = reportOwnNode(nodeName, log);
  return {
    onObjects: store => {
      reportObjects(storeRemarks(store));
      reportNode(store);
    },
    onSynced: report => {
      failures.succeeded();
      logSync(log, report);
      reportServices(serviceRemarks(report.result.desired));
    },
    onFailed: failures.failed,
  };
}
