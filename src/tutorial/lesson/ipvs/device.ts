import type { Exercise } from '../step.js';
import { en } from './device.en.js';
import { ja } from './device.ja.js';

export const device: Exercise = {
  kind: 'exercise',
  id: 'device',
  tasks: [
    {
      on: 'inajob',
      command: 'sudo ip link add kube-ipvs0 type dummy',
      check: { kind: 'link', on: 'inajob', name: 'kube-ipvs0', type: 'dummy' },
    },
  ],
  texts: { en, ja },
};
