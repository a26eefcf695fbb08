import { bothAnswer, noAnswerInTime, shown } from '../shared/checks.js';
import { requests, tutorialOptions } from '../shared/commands.js';
import type { Exercise } from '../step.js';
import { en } from './no-forward-jump.en.js';
import { ja } from './no-forward-jump.ja.js';
import { forwardJump } from './rules.js';

export const noForwardJump: Exercise = {
  kind: 'exercise',
  id: 'no-forward-jump',
  answer: 'b',
  tasks: [
    {
      on: 'inajob',
      command: 'iptables -D FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD',
      check: { ...forwardJump, isAbsent: true },
    },
    { on: 'client-inajob', command: requests(2), check: shown('client-inajob', noAnswerInTime) },
    { on: 'inajob', command: requests(2), check: bothAnswer('inajob') },
    {
      on: 'inajob',
      // The last lines are the way to the second backend, and the reason.
      command: `kproxy explain web-service --source pod/client-inajob ${tutorialOptions} | tail -n 27`,
      check: shown('inajob', 'DROPPED', 'KUBE-FORWARD'),
    },
  ],
  texts: { en, ja },
};
