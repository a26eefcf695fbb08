export { destinationsOf, hooks, packetsTo } from './matrix.js';
export { type Packet, packetText } from './packet.js';
export { type RuleSet, ruleSetOf } from './rule-set.js';
export { trace } from './trace.js';
