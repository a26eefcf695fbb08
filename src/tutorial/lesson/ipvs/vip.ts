import type { Exercise } from '../step.js';
import { en } from './vip.en.js';
import { ja } from './vip.ja.js';

export const vip: Exercise = {
  kind: 'exercise',
  id: 'vip',
  tasks: [
    {
      on: 'inajob',
      command: 'ip addr add 10.254.10.128 dev kube-ipvs0',
      check: { kind: 'address', on: 'inajob', link: 'kube-ipvs0', address: '10.254.10.128/32' },
    },
    {
      on: 'inajob',
      command: 'ip route get 10.254.10.128',
      check: { kind: 'shown', on: 'inajob', texts: ['local 10.254.10.128'] },
    },
  ],
  texts: { en, ja },
};
