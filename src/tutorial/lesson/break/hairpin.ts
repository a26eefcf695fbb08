import { noAnswerInTime, shown } from '../shared/checks.js';
import { requests, tutorialOptions } from '../shared/commands.js';
import type { Exercise } from '../step.js';
import { en } from './hairpin.en.js';
import { ja } from './hairpin.ja.js';

export const hairpin: Exercise = {
  kind: 'exercise',
  id: 'hairpin',
  answer: 'b',
  tasks: [
    {
      on: 'web-inajob',
      command: requests(4),
      check: shown('web-inajob', 'web-yuanying saw 10.244.1.3', noAnswerInTime),
    },
    {
      on: 'inajob',
      command: `kproxy explain web-service ${tutorialOptions}`,
      exitCode: 1,
      check: shown('inajob', 'backend itself', '3 of 4 clients are answered'),
    },
  ],
  texts: { en, ja },
};
