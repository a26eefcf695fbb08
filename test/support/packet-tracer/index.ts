export { destinationsOf, hooks, packetsTo } from './matrix.js';
export { type Packet, packetText } from './packet.js';
export { type RuleSet, ruleSetOf } from './rule-set.js';
export { type Outcome, trace } from './trace.js';
