import { noAnswerInTime, shown } from '../shared/checks.js';
import { requests, tutorialOptions } from '../shared/commands.js';
import type { Exercise } from '../step.js';
import { en } from './no-conntrack.en.js';
import { ja } from './no-conntrack.ja.js';

export const noConntrack: Exercise = {
  kind: 'exercise',
  id: 'no-conntrack',
  answer: 'c',
  tasks: [
    {
      on: 'inajob',
      command: 'echo 0 | sudo tee /proc/sys/net/ipv4/vs/conntrack',
      check: { kind: 'sysctl', on: 'inajob', name: 'net/ipv4/vs/conntrack', value: '0' },
    },
    {
      on: 'inajob',
      command: requests(2),
      check: shown('inajob', 'web-inajob saw 10.254.10.128', noAnswerInTime),
    },
    {
      on: 'inajob',
      // The last lines are the branch of the backend that does not answer, and the reason.
      command: `kproxy explain web-service --source node ${tutorialOptions} | tail -n 26`,
      check: shown('inajob', 'unanswered', 'net.ipv4.vs.conntrack'),
    },
  ],
  texts: { en, ja },
};
