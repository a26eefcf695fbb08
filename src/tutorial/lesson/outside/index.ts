import type { Act } from '../step.js';
import { warehouseEmpty } from './warehouse-empty.js';
import { warehouseEndpoints } from './warehouse-endpoints.js';
import { warehouseOrder } from './warehouse-order.js';
import { warehousePackets } from './warehouse-packets.js';

export const outsideAct: Act = {
  id: 'outside',
  title: { en: 'Beyond the cluster', ja: 'クラスタの外へ' },
  steps: [warehouseOrder, warehouseEmpty, warehouseEndpoints, warehousePackets],
};
