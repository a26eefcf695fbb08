import { cannotConnect, shown } from '../shared/checks.js';
import { requests, tutorialOptions } from '../shared/commands.js';
import type { Exercise } from '../step.js';
import { en } from './dead-backend.en.js';
import { ja } from './dead-backend.ja.js';
import { readiness } from './readiness.js';

export const deadBackend: Exercise = {
  kind: 'exercise',
  id: 'dead-backend',
  answer: 'a',
  tasks: [
    { on: 'web-yuanying', command: 'web stop', check: readiness('False') },
    { on: 'inajob', command: requests(4), check: shown('inajob', 'web-inajob saw', cannotConnect) },
    { on: 'master', command: 'kubectl get pod -o wide', check: shown('master', 'web-yuanying', '0/1') },
    {
      on: 'inajob',
      command: `kproxy explain web-service --source node --probe --minimal ${tutorialOptions}`,
      exitCode: 1,
      check: shown('inajob', 'probe: refused'),
    },
  ],
  texts: { en, ja },
};
