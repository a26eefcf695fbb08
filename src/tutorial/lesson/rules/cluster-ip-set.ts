import type { Exercise } from '../step.js';
import { en } from './cluster-ip-set.en.js';
import { ja } from './cluster-ip-set.ja.js';

export const clusterIpSet: Exercise = {
  kind: 'exercise',
  id: 'cluster-ip-set',
  tasks: [
    {
      on: 'inajob',
      command: 'sudo ipset create KUBE-CLUSTER-IP hash:ip,port',
      check: { kind: 'set', on: 'inajob', name: 'KUBE-CLUSTER-IP', type: 'hash:ip,port' },
    },
  ],
  texts: { en, ja },
};
