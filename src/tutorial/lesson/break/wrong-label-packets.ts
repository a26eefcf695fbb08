import { bothAnswer, shown } from '../shared/checks.js';
import { requests } from '../shared/commands.js';
import { writeEndpoints } from '../shared/tasks.js';
import type { Exercise } from '../step.js';
import { label } from './labels.js';
import { en } from './wrong-label-packets.en.js';
import { ja } from './wrong-label-packets.ja.js';

export const wrongLabelPackets: Exercise = {
  kind: 'exercise',
  id: 'wrong-label-packets',
  answer: 'c',
  tasks: [
    label('wbe'),
    writeEndpoints('10.244.1.3'),
    { on: 'inajob', command: requests(4), check: bothAnswer('inajob') },
    { on: 'inajob', command: 'ipvsadm -Ln', check: shown('inajob', '10.244.1.3:8080', '10.244.2.2:8080') },
  ],
  texts: { en, ja },
};
