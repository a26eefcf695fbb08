import type { Act } from '../step.js';
import { conntrack } from './conntrack.js';
import { curl } from './curl.js';
import { device } from './device.js';
import { entry } from './entry.js';
import { list } from './list.js';
import { nothingToDo } from './nothing-to-do.js';
import { realServers } from './real-servers.js';
import { theAddress } from './the-address.js';
import { theEndpoints } from './the-endpoints.js';
import { vip } from './vip.js';
import { virtualServer } from './virtual-server.js';

export const ipvs: Act = {
  id: 'ipvs',
  title: { en: 'The worker inajob: IPVS, and the first answer', ja: 'ワーカノード inajob：IPVS で最初の応答を返す' },
  steps: [conntrack, device, theAddress, entry, vip, virtualServer, theEndpoints, realServers, list, curl, nothingToDo],
};
