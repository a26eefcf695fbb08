import type { Flow } from '../element.js';
import type { ElementKind } from '../kind.js';

const filter = ({ address, port, backend }: Flow): readonly string[] => [
  ...(address.includes(':') ? ['-f', 'ipv6'] : []),
  ...['-p', 'udp', '-d', address, '--dport', String(port), '-r', backend],
];

/**
 * What conntrack remembers of UDP flows to a real server that is gone: as long as a client goes on sending, its packets would keep going there.
 * Flows are nobody's to want; a plan only ever takes them away, after the real server.
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
            when: { argv: ['conntrack', '-L', ...filter(change.before)], finds: 'udp ' },
          },
        ]
      : [],
  batch: change => (change.verb === 'remove' ? [{ text: `-D ${filter(change.before).join(' ')}` }] : []),
};
