import type { Datapath } from '../../../src/node/datapath/datapath.js';

/** The datapath of a kernel with nothing in it. */
export const emptyDatapath: Datapath = {
  tables: [],
  sets: [],
  virtualServers: [],
  links: [],
  routes: [],
  routingRules: [],
  sysctls: {},
  sockets: [],
  unread: [],
};
