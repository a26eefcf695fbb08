import type { ServiceFeature } from '../claim.js';
import type { Profile } from '../options.js';
import { clusterIp } from './cluster-ip.js';
import { externalIp } from './external-ip.js';
import { hairpin } from './hairpin.js';
import { healthCheck } from './health-check.js';
import { loadBalancer } from './load-balancer.js';
import { nodePort } from './node-port.js';

/** The features of a Service that claim elements of a node, in the order of the script. */
export const features: Readonly<Record<Profile, readonly ServiceFeature[]>> = {
  tutorial: [clusterIp],
  full: [hairpin, clusterIp, externalIp, loadBalancer, nodePort, healthCheck],
};
