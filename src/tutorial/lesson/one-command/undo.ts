import { forwardJump } from '../break/rules.js';
import { cannotConnect, shown } from '../shared/checks.js';
import type { Exercise } from '../step.js';
import { en } from './undo.en.js';
import { ja } from './undo.ja.js';

export const undo: Exercise = {
  kind: 'exercise',
  id: 'undo',
  tasks: [
    {
      on: 'inajob',
      command: 'kproxy cleanup',
      check: {
        kind: 'all-of',
        checks: [
          { ...forwardJump, isAbsent: true },
          { kind: 'entry', on: 'inajob', set: 'KUBE-CLUSTER-IP', value: '10.254.10.128,tcp:80', isAbsent: true },
          { kind: 'address', on: 'inajob', link: 'kube-ipvs0', address: '10.254.10.128/32', isAbsent: true },
        ],
      },
    },
    { on: 'inajob', command: 'ipvsadm -Ln', check: shown('inajob', 'Prot LocalAddress:Port') },
    {
      on: 'inajob',
      command: 'curl -m 1 10.254.10.128',
      exitCode: 7,
      check: shown('inajob', cannotConnect),
    },
  ],
  texts: { en, ja },
};
