import type { Contribution } from '../claim.js';
import type { Profile } from '../options.js';
import { clusterIp } from './cluster-ip.js';
import { externalIp } from './external-ip.js';
import { hairpin } from './hairpin.js';
import { healthCheck } from './health-check.js';
import { loadBalancer } from './load-balancer.js';
import { nodePort } from './node-port.js';

/** What a Service can ask of a node, in the order of the script. */
export const contributions: Readonly<Record<Profile, readonly Contribution[]>> = {
  tutorial: [clusterIp],
  full: [hairpin, clusterIp, externalIp, loadBalancer, nodePort, healthCheck],
};
