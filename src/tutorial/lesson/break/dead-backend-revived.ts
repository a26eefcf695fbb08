import { realServerOnYuanying } from '../shared/checks.js';
import { callBoth, sync, writeEndpoints } from '../shared/tasks.js';
import type { Exercise } from '../step.js';
import { en } from './dead-backend-revived.en.js';
import { ja } from './dead-backend-revived.ja.js';
import { readiness } from './readiness.js';

export const deadBackendRevived: Exercise = {
  kind: 'exercise',
  id: 'dead-backend-revived',
  undoes: 'dead-backend',
  tasks: [
    { on: 'web-yuanying', command: 'web start', check: readiness('True') },
    writeEndpoints('10.244.2.2', '10.244.1.3'),
    sync(realServerOnYuanying),
    callBoth('inajob'),
  ],
  texts: { en, ja },
};
