import type { Exercise } from '../step.js';
import { en } from './endpoints.en.js';
import { ja } from './endpoints.ja.js';

const command = `POD_IP1=10.244.2.2
POD_IP2=10.244.1.3
cat <<EOF | kubectl apply -f -
apiVersion: v1
kind: Endpoints
metadata:
  name: web-service
subsets:
- addresses:
  - ip: \${POD_IP1}
    nodeName: yuanying
  - ip: \${POD_IP2}
    nodeName: inajob
  ports:
  - port: 8080
    protocol: TCP
EOF`;

export const endpoints: Exercise = {
  kind: 'exercise',
  id: 'endpoints',
  tasks: [
    {
      on: 'master',
      command,
      check: { kind: 'endpoints', name: 'web-service', addresses: ['10.244.1.3', '10.244.2.2'], port: 8080 },
    },
    {
      on: 'master',
      command: 'kubectl get endpoints web-service',
      check: { kind: 'shown', on: 'master', texts: ['10.244.1.3:8080', '10.244.2.2:8080'] },
    },
  ],
  texts: { en, ja },
};
