import { shown } from '../shared/checks.js';
import type { Exercise } from '../step.js';
import { en } from './warehouse-order.en.js';
import { ja } from './warehouse-order.ja.js';

export const warehouseOrder: Exercise = {
  kind: 'exercise',
  id: 'warehouse-order',
  answer: 'c',
  tasks: [
    {
      on: 'master',
      command: `cat <<EOF | kubectl apply -f -
apiVersion: v1
kind: Service
metadata:
  name: warehouse
spec:
  clusterIP: 10.254.10.129
  ports:
  - port: 80
    targetPort: 8080
EOF`,
      check: {
        kind: 'object',
        object: 'service/warehouse',
        fields: { 'spec.clusterIP': '10.254.10.129', 'spec.ports.0.port': 80 },
      },
    },
    { on: 'master', command: 'kproxy endpoints warehouse', check: shown('master', 'it has no selector') },
    { on: 'master', command: 'kubectl get endpoints warehouse', exitCode: 1, check: shown('master', 'NotFound') },
  ],
  texts: { en, ja },
};
