import { callBoth, diff, sync } from '../shared/tasks.js';
import type { Exercise } from '../step.js';
import { en } from './no-mark-fixed.en.js';
import { ja } from './no-mark-fixed.ja.js';

export const noMarkFixed: Exercise = {
  kind: 'exercise',
  id: 'no-mark-fixed',
  undoes: 'no-mark',
  tasks: [
    diff(['chain KUBE-MARK-MASQ', '+ -j MARK --set-xmark 0x4000/0x4000']),
    sync({
      kind: 'rule',
      on: 'inajob',
      table: 'nat',
      chain: 'KUBE-MARK-MASQ',
      rule: '-j MARK --set-xmark 0x4000/0x4000',
    }),
    callBoth('inajob'),
  ],
  texts: { en, ja },
};
