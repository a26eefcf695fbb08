import { callBoth, diff, sync } from '../shared/tasks.js';
import type { Exercise } from '../step.js';
import { en } from './no-forward-jump-fixed.en.js';
import { ja } from './no-forward-jump-fixed.ja.js';
import { forwardJump } from './rules.js';

export const noForwardJumpFixed: Exercise = {
  kind: 'exercise',
  id: 'no-forward-jump-fixed',
  undoes: 'forward-policy',
  tasks: [
    diff(['jumps from FORWARD in iptables -t filter to KUBE-FORWARD']),
    sync(forwardJump),
    callBoth('client-inajob'),
    {
      on: 'inajob',
      command: 'iptables -P FORWARD ACCEPT',
      check: { kind: 'policy', on: 'inajob', table: 'filter', chain: 'FORWARD', policy: 'ACCEPT' },
    },
  ],
  texts: { en, ja },
};
