import { shown } from '../shared/checks.js';
import { tutorialOptions } from '../shared/commands.js';
import type { Exercise } from '../step.js';
import { en } from './dry-run.en.js';
import { ja } from './dry-run.ja.js';

const script = `kproxy sync --dry-run --full ${tutorialOptions}`;

export const dryRun: Exercise = {
  kind: 'exercise',
  id: 'dry-run',
  tasks: [
    {
      on: 'inajob',
      command: `${script} | grep -A 20 'Service port default/web-service'`,
      check: shown('inajob', 'default/web-service', 'ipvsadm -A -t 10.254.10.128:80 -s rr'),
    },
    {
      on: 'inajob',
      command: `${script} | grep -v -e '^#' -e '||$' -e '^$'`,
      check: shown('inajob', 'ipset create KUBE-CLUSTER-IP hash:ip,port', '-j KUBE-FORWARD'),
    },
  ],
  texts: { en, ja },
};
