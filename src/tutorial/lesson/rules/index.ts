import type { Act } from '../step.js';
import { clusterIpSet } from './cluster-ip-set.js';
import { forward } from './forward.js';
import { jumps } from './jumps.js';
import { map } from './map.js';
import { mark } from './mark.js';
import { masquerade } from './masquerade.js';
import { root } from './root.js';
import { services } from './services.js';
import { whyIptables } from './why-iptables.js';

export const rules: Act = {
  id: 'rules',
  title: { en: 'The worker inajob: a set and rules', ja: 'ワーカノード inajob：set とルールを用意する' },
  steps: [root, whyIptables, clusterIpSet, map, mark, masquerade, services, jumps, forward],
};
