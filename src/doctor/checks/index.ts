import type { Facts } from '../facts.js';
import type { Finding } from '../finding.js';
import { access } from './access.js';
import { backend } from './backend.js';
import type { DoctorCheck } from './check.js';
import { clock } from './clock.js';
import { cluster } from './cluster.js';
import { device } from './device.js';
import { disk } from './disk.js';
import { features } from './features.js';
import { ipv6 } from './ipv6.js';
import { kubectl } from './kubectl.js';
import { leftovers } from './leftovers.js';
import { nodeName } from './node-name.js';
import { otherProxies } from './other-proxies.js';
import { parameters } from './parameters.js';
import { permissions } from './permissions.js';
import { tools } from './tools.js';

/** Every check, in the order in which a reader fixes what they find. */
const checks: readonly DoctorCheck[] = [
  permissions,
  tools,
  features,
  backend,
  parameters,
  ipv6,
  device,
  otherProxies,
  leftovers,
  kubectl,
  cluster,
  access,
  nodeName,
  clock,
  disk,
];

/** Returns what all checks find in the facts. */
export const findingsOf = (facts: Facts): readonly Finding[] =>
  checks.flatMap(({ name, judge }) => judge(facts).map((judgement): Finding => ({ check: name, ...judgement })));
