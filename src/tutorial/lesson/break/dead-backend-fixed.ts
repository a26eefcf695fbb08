import { realServerOnYuanying, shown } from '../shared/checks.js';
import { requests } from '../shared/commands.js';
import { diff, sync, writeEndpoints } from '../shared/tasks.js';
import type { Exercise } from '../step.js';
import { en } from './dead-backend-fixed.en.js';
import { ja } from './dead-backend-fixed.ja.js';

export const deadBackendFixed: Exercise = {
  kind: 'exercise',
  id: 'dead-backend-fixed',
  tasks: [
    writeEndpoints('10.244.1.3'),
    diff(['real server 10.244.2.2:8080']),
    sync({ ...realServerOnYuanying, isAbsent: true }),
    { on: 'inajob', command: requests(4), check: shown('inajob', 'web-inajob saw') },
  ],
  texts: { en, ja },
};
