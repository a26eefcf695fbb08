import { cannotConnect, shown } from '../shared/checks.js';
import { requests, tutorialOptions } from '../shared/commands.js';
import type { Exercise } from '../step.js';
import { en } from './no-vip.en.js';
import { ja } from './no-vip.ja.js';

export const noVip: Exercise = {
  kind: 'exercise',
  id: 'no-vip',
  answer: 'c',
  tasks: [
    {
      on: 'inajob',
      command: 'ip addr del 10.254.10.128/32 dev kube-ipvs0',
      check: { kind: 'address', on: 'inajob', link: 'kube-ipvs0', address: '10.254.10.128/32', isAbsent: true },
    },
    {
      on: 'inajob',
      command: 'ipvsadm -Ln',
      check: shown('inajob', 'TCP  10.254.10.128:80 rr', '10.244.1.3:8080', '10.244.2.2:8080'),
    },
    { on: 'client-inajob', command: requests(2), check: shown('client-inajob', cannotConnect) },
    { on: 'inajob', command: requests(2), check: shown('inajob', cannotConnect) },
    {
      on: 'inajob',
      command: `kproxy explain web-service --source pod/client-inajob ${tutorialOptions}`,
      exitCode: 1,
      check: shown('inajob', 'unanswered', 'kube-ipvs0'),
    },
  ],
  texts: { en, ja },
};
