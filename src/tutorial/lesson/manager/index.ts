import type { Act } from '../step.js';
import { cast } from './cast.js';
import { endpoints } from './endpoints.js';
import { findPods } from './find-pods.js';
import { order } from './order.js';
import { pods } from './pods.js';
import { readTheOrder } from './read-the-order.js';
import { service } from './service.js';
import { welcome } from './welcome.js';
import { wrongLabel } from './wrong-label.js';

export const manager: Act = {
  id: 'manager',
  title: { en: 'The manager on master', ja: 'master の管理者' },
  steps: [welcome, cast, pods, service, order, readTheOrder, findPods, endpoints, wrongLabel],
};
