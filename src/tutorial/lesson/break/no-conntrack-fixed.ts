import { callBoth, diff, sync } from '../shared/tasks.js';
import type { Exercise } from '../step.js';
import { en } from './no-conntrack-fixed.en.js';
import { ja } from './no-conntrack-fixed.ja.js';

export const noConntrackFixed: Exercise = {
  kind: 'exercise',
  id: 'no-conntrack-fixed',
  undoes: 'no-conntrack',
  tasks: [
    diff(['net.ipv4.vs.conntrack', 'value is 0, should be 1']),
    sync({ kind: 'sysctl', on: 'inajob', name: 'net/ipv4/vs/conntrack', value: '1' }),
    callBoth('inajob'),
  ],
  texts: { en, ja },
};
