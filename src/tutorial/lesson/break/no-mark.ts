import { noAnswerInTime, shown } from '../shared/checks.js';
import { requests, tutorialOptions } from '../shared/commands.js';
import type { Exercise } from '../step.js';
import { en } from './no-mark.en.js';
import { ja } from './no-mark.ja.js';

export const noMark: Exercise = {
  kind: 'exercise',
  id: 'no-mark',
  answer: 'a',
  tasks: [
    {
      on: 'inajob',
      command: 'iptables -t nat -D KUBE-MARK-MASQ 1',
      check: {
        kind: 'rule',
        on: 'inajob',
        table: 'nat',
        chain: 'KUBE-MARK-MASQ',
        rule: '-j MARK --set-xmark 0x4000/0x4000',
        isAbsent: true,
      },
    },
    {
      on: 'inajob',
      command: requests(2),
      check: shown('inajob', 'web-inajob saw 10.254.10.128', noAnswerInTime),
    },
    {
      on: 'inajob',
      command: `kproxy explain web-service ${tutorialOptions}`,
      exitCode: 1,
      check: shown('inajob', 'unanswered', 'KUBE-MARK-MASQ'),
    },
    {
      on: 'yuanying',
      command: 'ip route get 10.254.10.128',
      exitCode: 2,
      check: shown('yuanying', 'unreachable'),
    },
  ],
  texts: { en, ja },
};
