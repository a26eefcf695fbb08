import { callBoth, diff, sync } from '../shared/tasks.js';
import type { Exercise } from '../step.js';
import { en } from './no-vip-fixed.en.js';
import { ja } from './no-vip-fixed.ja.js';

export const noVipFixed: Exercise = {
  kind: 'exercise',
  id: 'no-vip-fixed',
  undoes: 'no-vip',
  tasks: [
    diff(['address 10.254.10.128/32 on kube-ipvs0']),
    sync({ kind: 'address', on: 'inajob', link: 'kube-ipvs0', address: '10.254.10.128/32' }),
    callBoth('client-inajob'),
  ],
  texts: { en, ja },
};
