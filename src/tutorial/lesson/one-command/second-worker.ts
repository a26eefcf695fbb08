import { bothAnswer } from '../shared/checks.js';
import { requests, tutorialOptions } from '../shared/commands.js';
import { sync } from '../shared/tasks.js';
import type { Exercise } from '../step.js';
import { en } from './second-worker.en.js';
import { ja } from './second-worker.ja.js';

export const secondWorker: Exercise = {
  kind: 'exercise',
  id: 'second-worker',
  tasks: [
    sync(
      {
        kind: 'all-of',
        checks: [
          { kind: 'virtual-server', on: 'yuanying', server: 'TCP 10.254.10.128:80', scheduler: 'rr' },
          { kind: 'real-server', on: 'yuanying', server: 'TCP 10.254.10.128:80', address: '10.244.1.3:8080' },
          { kind: 'sysctl', on: 'yuanying', name: 'net/ipv4/vs/conntrack', value: '1' },
        ],
      },
      tutorialOptions,
      'yuanying',
    ),
    { on: 'yuanying', command: requests(2), check: bothAnswer('yuanying') },
  ],
  texts: { en, ja },
};
