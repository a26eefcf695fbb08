import fc from 'fast-check';
import { defaultOptions, type LocalDetection, type ProxyOptions, type Scheduler } from '../../src/proxy/options.js';
import { parityOptions } from './parity-case.js';

/** Options of the proxy, each with some of its values. */
export const randomOptions: fc.Arbitrary<ProxyOptions> = fc
  .record({
    profile: fc.oneof(
      { weight: 3, arbitrary: fc.constant('full' as const) },
      { weight: 1, arbitrary: fc.constant('tutorial' as const) },
    ),
    clusterCidrs: fc.constantFrom<ProxyOptions['clusterCidrs']>(
      parityOptions.clusterCidrs,
      { IPv4: '10.244.0.0/16' },
      {},
    ),
    localDetection: fc.constantFrom<LocalDetection>(
      { by: 'ClusterCIDR' },
      { by: 'NodeCIDR', networks: { IPv4: '10.244.1.0/24', IPv6: 'fd00:244:1::/64' } },
      { by: 'NodeCIDR', networks: { IPv6: 'fd00:244:1::/64' } },
      { by: 'BridgeInterface', name: 'cni0' },
      { by: 'InterfaceNamePrefix', prefix: 'veth' },
    ),
    masqueradeAll: fc.boolean(),
    scheduler: fc.constantFrom<Scheduler>(
      { name: 'rr', flags: [] },
      { name: 'mh', flags: [2] },
      { name: 'sh', flags: [1, 2] },
      { name: 'wrr', flags: [] },
    ),
    masqueradeBit: fc.constantFrom(14, 9),
    strictArp: fc.boolean(),
    nodePortAddresses: fc.constantFrom<readonly string[]>([], ['10.10.0.0/24'], ['primary'], ['::/0']),
    ipvsTimeouts: fc.constantFrom<ProxyOptions['ipvsTimeouts']>(
      defaultOptions.ipvsTimeouts,
      { tcp: 7200, tcpFin: 0, udp: 0 },
      { tcp: 0, tcpFin: 60, udp: 40 },
    ),
    conntrack: fc.constantFrom<ProxyOptions['conntrack']>(
      defaultOptions.conntrack,
      { ...defaultOptions.conntrack, maxPerCore: 0, tcpEstablishedTimeout: 0, tcpCloseWaitTimeout: 0 },
      { ...defaultOptions.conntrack, maxPerCore: 400_000, tcpBeLiberal: true, udpTimeout: 60, udpStreamTimeout: 90 },
    ),
    excludeCidrs: fc.constant<readonly string[]>([]),
  })
  .map(options => ({ ...defaultOptions, ...options, nodeName: 'node-a' }));
