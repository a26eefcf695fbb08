import type { Exercise } from '../step.js';
import { en } from './wrong-label.en.js';
import { ja } from './wrong-label.ja.js';

export const wrongLabel: Exercise = {
  kind: 'exercise',
  id: 'wrong-label',
  answer: 'b',
  tasks: [
    {
      on: 'master',
      command: 'kubectl label pod web-yuanying app=wbe --overwrite',
      check: { kind: 'object', object: 'pod/web-yuanying', fields: { 'metadata.labels.app': 'wbe' } },
    },
    {
      on: 'master',
      command: 'kubectl get pod -l app=web -o wide',
      check: { kind: 'shown', on: 'master', texts: ['web-inajob', '10.244.1.3'] },
    },
    {
      on: 'master',
      command: 'kubectl get endpoints web-service',
      check: { kind: 'shown', on: 'master', texts: ['10.244.1.3:8080', '10.244.2.2:8080'] },
    },
    {
      on: 'master',
      command: 'kproxy endpoints web-service',
      check: { kind: 'endpoints', name: 'web-service', addresses: ['10.244.1.3'], port: 8080 },
    },
    {
      on: 'master',
      command: 'kubectl label pod web-yuanying app=web --overwrite',
      check: { kind: 'object', object: 'pod/web-yuanying', fields: { 'metadata.labels.app': 'web' } },
    },
    {
      on: 'master',
      command: 'kproxy endpoints web-service',
      check: { kind: 'endpoints', name: 'web-service', addresses: ['10.244.1.3', '10.244.2.2'], port: 8080 },
    },
  ],
  texts: { en, ja },
};
