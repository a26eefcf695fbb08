import { realServerOnYuanying } from '../shared/checks.js';
import { callBoth, sync, writeEndpoints } from '../shared/tasks.js';
import type { Exercise } from '../step.js';
import { label } from './labels.js';
import { en } from './wrong-label-corrected.en.js';
import { ja } from './wrong-label-corrected.ja.js';

export const wrongLabelCorrected: Exercise = {
  kind: 'exercise',
  id: 'wrong-label-corrected',
  undoes: 'wrong-label-packets',
  tasks: [label('web'), writeEndpoints('10.244.2.2', '10.244.1.3'), sync(realServerOnYuanying), callBoth('inajob')],
  texts: { en, ja },
};
