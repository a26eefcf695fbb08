import type { Exercise } from '../step.js';
import { en } from './curl.en.js';
import { ja } from './curl.ja.js';

export const curl: Exercise = {
  kind: 'exercise',
  id: 'curl',
  tasks: [
    {
      on: 'inajob',
      command: 'curl 10.254.10.128',
      check: { kind: 'shown', on: 'inajob', texts: ['web-inajob saw', 'web-yuanying saw'], isAnyEnough: true },
    },
    {
      on: 'inajob',
      command: 'for i in 1 2 3 4; do curl 10.254.10.128; done',
      check: { kind: 'shown', on: 'inajob', texts: ['web-inajob saw 10.244.1.1', 'web-yuanying saw 192.168.33.11'] },
    },
    {
      on: 'client-inajob',
      command: 'for i in 1 2 3 4; do curl 10.254.10.128; done',
      check: {
        kind: 'shown',
        on: 'client-inajob',
        texts: ['web-inajob saw 10.244.1.9', 'web-yuanying saw 10.244.1.9'],
      },
    },
  ],
  texts: { en, ja },
};
