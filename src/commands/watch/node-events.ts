import type { KproxyError } from '../../errors.js';
import type { Notice } from '../../events/event.js';
import type { EventRecorder } from '../../events/event-recorder.js';
import type { ServiceHealth } from '../../health/service-health.js';
import { reportNew } from '../../output/report-once.js';
import type { WatchObserver } from './observers.js';

/** So many failures in a row are worth an Event: the first retries often succeed. */
const persistentFailures = 3;

/**
 * Records what an operator must see of a node, as Events about its Node. What every node would report alike, such as an
 * invalid Service, stays in the log: in a large cluster it would be thousands of Events.
 */
export function createNodeEvents(recorder: EventRecorder, nodeName: string): WatchObserver {
  let isStarted = false;
  let failures = 0;
  const record = (notice: Omit<Notice, 'regarding'>) =>
    recorder.record({ regarding: { kind: 'Node', name: nodeName }, ...notice });
  const reportRefused = reportNew(note => record({ type: 'Warning', reason: 'ElementRefused', action: 'Sync', note }));

  return {
    onObjects() {
      if (!isStarted) record({ type: 'Normal', reason: 'Starting', action: 'StartKproxy', note: 'kproxy starts' });
      isStarted = true;
    },
    onSynced({ result }) {
      if (failures >= persistentFailures)
        record({ type: 'Normal', reason: 'SyncRecovered', action: 'Sync', note: 'the node is in sync again' });
      failures = 0;
      reportRefused(result.desired.refused);
    },
    onFailed(error) {
      failures += 1;
      if (failures >= persistentFailures)
        record({ type: 'Warning', reason: 'SyncFailed', action: 'Sync', note: noteOf(error) });
    },
  };
}

const noteOf = ({ message, evidence, advice }: KproxyError): string =>
  [message, evidence, advice].filter(line => line !== undefined && line !== '').join('\n');

/** Records a health check node port that cannot be served, about its Service and in kube-proxy's terms. */
export const recordServiceTrouble =
  (recorder: EventRecorder, nodeName: string) =>
  ({ namespace, name }: ServiceHealth, line: string): void =>
    recorder.record({
      regarding: { kind: 'Service', namespace, name },
      type: 'Warning',
      reason: 'FailedToStartServiceHealthcheck',
      action: 'Listen',
      note: `node ${nodeName}: ${line}`,
    });
