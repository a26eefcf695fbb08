import { familyOf } from '../../net/address.js';
import { protocolNames } from '../../net/protocol.js';
import type { Flow } from '../element.js';
import type { ElementKind } from '../kind.js';

const filter = ({ address, port, backend }: Flow): readonly string[] => [
  ...(familyOf(address) === 'IPv6' ? ['-f', 'ipv6'] : []),
  ...['-p', protocolNames.UDP, '-d', address, '--dport', String(port), '-r', backend],
];

/**
 * Stale conntrack entries of UDP flows to a removed real server: as long as a client keeps sending, its packets would
 * still go there. A plan only removes flows, after the real server.
 */
export const flowKind: ElementKind<Flow> = {
  stage: () => 'conntrack',
  key: flow => `flow ${filter(flow).join(' ')}`,
  same: () => true,
  describe: flow => `UDP flows from ${flow.address} port ${flow.port} to ${flow.backend}`,
  steps: change =>
    change.verb === 'remove'
      ? [
          {
            command: { argv: ['conntrack', '-D', ...filter(change.before)] },
            when: { argv: ['conntrack', '-L', ...filter(change.before)], finds: `${protocolNames.UDP} ` },
          },
        ]
      : [],
  batch: change => (change.verb === 'remove' ? [{ text: `-D ${filter(change.before).join(' ')}` }] : []),
};
