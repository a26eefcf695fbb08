import { realServerOnYuanying, shown } from '../shared/checks.js';
import { requests } from '../shared/commands.js';
import { diff, sync } from '../shared/tasks.js';
import type { Exercise } from '../step.js';
import { en } from './wrong-label-fixed.en.js';
import { ja } from './wrong-label-fixed.ja.js';

export const wrongLabelFixed: Exercise = {
  kind: 'exercise',
  id: 'wrong-label-fixed',
  tasks: [
    diff(['real server 10.244.2.2:8080']),
    sync({ ...realServerOnYuanying, isAbsent: true }),
    { on: 'inajob', command: requests(4), check: shown('inajob', 'web-inajob saw') },
  ],
  texts: { en, ja },
};
