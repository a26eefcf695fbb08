import type { Task } from '../step.js';

/** Labels the Pod that the experiment takes out of the Service. */
export const label = (app: string): Task => ({
  on: 'master',
  command: `kubectl label pod web-yuanying app=${app} --overwrite`,
  check: { kind: 'object', object: 'pod/web-yuanying', fields: { 'metadata.labels.app': app } },
});
