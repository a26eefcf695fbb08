import { forwardJump } from '../break/rules.js';
import { realServerOnYuanying, shown } from '../shared/checks.js';
import { tutorialOptions } from '../shared/commands.js';
import { callBoth } from '../shared/tasks.js';
import type { Exercise } from '../step.js';
import { en } from './one-sync.en.js';
import { ja } from './one-sync.ja.js';

export const oneSync: Exercise = {
  kind: 'exercise',
  id: 'one-sync',
  tasks: [
    {
      on: 'inajob',
      command: `time kproxy sync ${tutorialOptions}`,
      check: {
        kind: 'all-of',
        checks: [
          forwardJump,
          { kind: 'entry', on: 'inajob', set: 'KUBE-CLUSTER-IP', value: '10.254.10.128,tcp:80' },
          { kind: 'address', on: 'inajob', link: 'kube-ipvs0', address: '10.254.10.128/32' },
          realServerOnYuanying,
        ],
      },
    },
    {
      on: 'inajob',
      command: `kproxy diff ${tutorialOptions}`,
      check: shown('inajob', 'node inajob: in sync'),
    },
    callBoth('inajob'),
  ],
  texts: { en, ja },
};
