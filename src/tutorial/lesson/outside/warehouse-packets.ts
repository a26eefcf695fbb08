import { shown } from '../shared/checks.js';
import { fullOptions } from '../shared/commands.js';
import { sync } from '../shared/tasks.js';
import type { Exercise } from '../step.js';
import { en } from './warehouse-packets.en.js';
import { ja } from './warehouse-packets.ja.js';

export const warehousePackets: Exercise = {
  kind: 'exercise',
  id: 'warehouse-packets',
  answer: 'a',
  tasks: [
    sync(
      { kind: 'real-server', on: 'inajob', server: 'TCP 10.254.10.129:80', address: '192.168.33.50:8080' },
      fullOptions,
    ),
    {
      on: 'inajob',
      command: 'curl -m 1 10.254.10.129',
      check: shown('inajob', 'warehouse saw 192.168.33.11'),
    },
    {
      on: 'client-inajob',
      command: 'curl -m 1 10.254.10.129',
      check: shown('client-inajob', 'warehouse saw 10.244.1.9'),
    },
    {
      on: 'inajob',
      command: 'ipset list KUBE-CLUSTER-IP',
      check: shown('inajob', '10.254.10.128,tcp:80', '10.254.10.129,tcp:80'),
    },
  ],
  texts: { en, ja },
};
