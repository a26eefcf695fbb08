import { invalidObjectLine } from '../../cluster/problems.js';
import type { Log } from '../../output/log.js';
import { reportNew } from '../../output/report-once.js';
import { logFailure, logSync } from '../../output/sync-log.js';
import { conflictLine } from '../shared/report-cluster.js';
import type { WatchObserver } from './observers.js';
import { reportOwnNode } from './own-node.js';

/** Logs what happens, and what is wrong with objects, Services and the name of the node: each once until it changes. */
export function logSyncs(log: Log, nodeName: string): WatchObserver {
  const reportObjects = reportNew(log.warning);
  const reportServices = reportNew(log.warning);
  const reportNode = reportOwnNode(nodeName, log);
  return {
    onObjects: store => {
      reportObjects([...store.invalid().map(invalidObjectLine), ...store.notes()]);
      reportNode(store);
    },
    onSynced: report => {
      logSync(log, report);
      const { conflicts, warnings, problems } = report.result.desired;
      reportServices([...conflicts.map(conflictLine), ...warnings, ...problems]);
    },
    onFailed: (error, next) => logFailure(log, error, next),
  };
}
