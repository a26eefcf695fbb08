import { bothAnswer, noAnswerInTime, shown } from '../shared/checks.js';
import { requests } from '../shared/commands.js';
import type { Exercise } from '../step.js';
import { en } from './forward-policy.en.js';
import { ja } from './forward-policy.ja.js';

export const forwardPolicy: Exercise = {
  kind: 'exercise',
  id: 'forward-policy',
  answer: 'a',
  tasks: [
    {
      on: 'inajob',
      command: 'iptables -P FORWARD DROP',
      check: { kind: 'policy', on: 'inajob', table: 'filter', chain: 'FORWARD', policy: 'DROP' },
    },
    { on: 'client-inajob', command: requests(2), check: bothAnswer('client-inajob') },
    {
      on: 'client-inajob',
      command: 'curl -m 1 10.244.2.2:8080',
      exitCode: 28,
      check: shown('client-inajob', noAnswerInTime),
    },
    {
      on: 'inajob',
      command: 'iptables -L FORWARD -v -n; iptables -L KUBE-FORWARD -v -n',
      check: shown('inajob', 'Chain FORWARD (policy DROP', 'Chain KUBE-FORWARD', 'RELATED,ESTABLISHED'),
    },
  ],
  texts: { en, ja },
};
