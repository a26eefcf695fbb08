import { shown } from '../shared/checks.js';
import type { Exercise } from '../step.js';
import { en } from './warehouse-endpoints.en.js';
import { ja } from './warehouse-endpoints.ja.js';

export const warehouseEndpoints: Exercise = {
  kind: 'exercise',
  id: 'warehouse-endpoints',
  tasks: [
    {
      on: 'master',
      command: `cat <<EOF | kubectl apply -f -
apiVersion: v1
kind: Endpoints
metadata:
  name: warehouse
subsets:
- addresses:
  - ip: 192.168.33.50
  ports:
  - port: 8080
    protocol: TCP
EOF`,
      check: { kind: 'endpoints', name: 'warehouse', addresses: ['192.168.33.50'], port: 8080 },
    },
    {
      on: 'master',
      command: 'kubectl get services,endpoints',
      check: shown('master', 'service/warehouse', '192.168.33.50:8080'),
    },
  ],
  texts: { en, ja },
};
