import { bothAnswer } from '../shared/checks.js';
import { fullOptions, requests } from '../shared/commands.js';
import { diff, sync } from '../shared/tasks.js';
import type { Exercise } from '../step.js';
import { en } from './full-profile.en.js';
import { ja } from './full-profile.ja.js';

export const fullProfile: Exercise = {
  kind: 'exercise',
  id: 'full-profile',
  tasks: [
    diff(['set KUBE-LOOP-BACK', 'chain KUBE-IPVS-FILTER'], fullOptions),
    sync({ kind: 'entry', on: 'inajob', set: 'KUBE-LOOP-BACK', value: '10.244.1.3,tcp:8080,10.244.1.3' }, fullOptions),
    { on: 'web-inajob', command: requests(2), check: bothAnswer('web-inajob') },
    sync(
      { kind: 'entry', on: 'yuanying', set: 'KUBE-LOOP-BACK', value: '10.244.2.2,tcp:8080,10.244.2.2' },
      fullOptions,
      'yuanying',
    ),
  ],
  texts: { en, ja },
};
