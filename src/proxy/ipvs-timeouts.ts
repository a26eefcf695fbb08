import type { NodeFacts } from '../node/facts.js';
import type { HostElement } from './host-element.js';
import type { ProxyOptions } from './options.js';

/** Returns true if the node's IPVS timeouts matter. The tutorial profile leaves them to the node. */
export const needsTimeouts = ({ profile, ipvsTimeouts: { tcp, tcpFin, udp } }: ProxyOptions): boolean =>
  profile === 'full' && tcp + tcpFin + udp > 0;

/** Returns the timeouts of IPVS that a node needs. Zeros among them are left to the node. */
export const timeoutElements = (options: ProxyOptions, { limits }: NodeFacts): readonly HostElement[] =>
  needsTimeouts(options) && limits !== undefined
    ? [
        {
          element: { kind: 'ipvs-timeouts', ...options.ipvsTimeouts },
          why:
            '--ipvs-tcp-timeout and its like: Without them IPVS would forget a connection that pauses for longer ' +
            'than it waits by itself, and its next packet would be reset (kubernetes/kubernetes#71358). 0 leaves a ' +
            'timeout as it is.',
        },
      ]
    : [];
