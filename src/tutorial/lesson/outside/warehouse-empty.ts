import { cannotConnect, shown } from '../shared/checks.js';
import { fullOptions } from '../shared/commands.js';
import { sync } from '../shared/tasks.js';
import type { Exercise } from '../step.js';
import { en } from './warehouse-empty.en.js';
import { ja } from './warehouse-empty.ja.js';

export const warehouseEmpty: Exercise = {
  kind: 'exercise',
  id: 'warehouse-empty',
  tasks: [
    sync({ kind: 'virtual-server', on: 'inajob', server: 'TCP 10.254.10.129:80', scheduler: 'rr' }, fullOptions),
    {
      on: 'inajob',
      command: 'curl -m 1 10.254.10.129',
      exitCode: 7,
      check: shown('inajob', cannotConnect),
    },
    {
      on: 'inajob',
      command: `kproxy explain warehouse ${fullOptions}`,
      exitCode: 1,
      check: shown('inajob', 'default/warehouse', 'refused'),
    },
  ],
  texts: { en, ja },
};
