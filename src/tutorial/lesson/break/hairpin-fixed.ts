import { shown } from '../shared/checks.js';
import { fullOptions, requests } from '../shared/commands.js';
import { sync } from '../shared/tasks.js';
import type { Exercise } from '../step.js';
import { en } from './hairpin-fixed.en.js';
import { ja } from './hairpin-fixed.ja.js';

export const hairpinFixed: Exercise = {
  kind: 'exercise',
  id: 'hairpin-fixed',
  tasks: [
    {
      on: 'inajob',
      command: `kproxy explain web-service --source pod/web-inajob ${fullOptions} | tail -n 12`,
      check: shown('inajob', 'KUBE-LOOP-BACK', 'kproxy sync'),
    },
    sync({ kind: 'entry', on: 'inajob', set: 'KUBE-LOOP-BACK', value: '10.244.1.3,tcp:8080,10.244.1.3' }, fullOptions),
    {
      on: 'web-inajob',
      command: requests(4),
      check: shown('web-inajob', 'web-inajob saw 10.244.1.1', 'web-yuanying saw 10.244.1.3'),
    },
    {
      on: 'inajob',
      command: `kproxy explain web-service ${fullOptions}`,
      check: shown('inajob', '4 of 4 clients are answered'),
    },
  ],
  texts: { en, ja },
};
