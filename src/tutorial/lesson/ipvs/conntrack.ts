import type { Exercise } from '../step.js';
import { en } from './conntrack.en.js';
import { ja } from './conntrack.ja.js';

export const conntrack: Exercise = {
  kind: 'exercise',
  id: 'conntrack',
  tasks: [
    {
      on: 'inajob',
      command: ['sudo modprobe ip_vs', 'echo 1 | sudo tee /proc/sys/net/ipv4/vs/conntrack'].join('\n'),
      check: { kind: 'sysctl', on: 'inajob', name: 'net/ipv4/vs/conntrack', value: '1' },
    },
  ],
  texts: { en, ja },
};
