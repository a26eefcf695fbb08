import { describe, expect, test } from 'vitest';
import { fits } from '../support/ask-rule.js';
import { sampleNode } from '../support/sample-node.js';

const address = { protocol: 'TCP', address: '10.9.0.1', port: 443 } as const;
const node = sampleNode({
  servers: [
    {
      server: { kind: 'virtual-server', ...address, scheduler: 'rr', flags: [], persistence: undefined },
      realServers: [
        {
          real: {
            kind: 'real-server',
            server: address,
            address: '10.2.0.5',
            port: 80,
            weight: 1,
            forwarding: 'masquerade',
          },
          connections: { active: 0, inactive: 0 },
        },
      ],
    },
  ],
});
const scheduled = { virtual: address };
const balanced = { virtual: address, isSentByIpvs: true };
const answer = { virtual: address, isSentByIpvs: true, isReply: true, state: 'ESTABLISHED' } as const;

describe('ipvs', () => {
  test.each([
    ['--ipvs', {}, 'no'],
    ['! --ipvs', {}, 'yes'],
    ['--ipvs', scheduled, 'no'],
    ['--vport 443', scheduled, 'no'],
    ['--ipvs', balanced, 'yes'],
    ['--ipvs', answer, 'yes'],
    ['! --vport 443', {}, 'no'],
    ['--vaddr 10.9.0.1', balanced, 'yes'],
    ['--vaddr 10.9.0.0/24 --vport 443', balanced, 'yes'],
    ['! --vaddr 10.9.0.0/24', balanced, 'no'],
    ['--vport 80', balanced, 'no'],
    ['--vport 443', answer, 'no'],
    ['--vproto 6', balanced, 'yes'],
    ['--vdir ORIGINAL', balanced, 'yes'],
    ['--vdir REPLY', balanced, 'no'],
    ['--vmethod MASQ', balanced, 'yes'],
    ['--vmethod GATE', balanced, 'no'],
    ['--vmethod MASQ', { ...balanced, destination: '10.2.0.6' }, 'unknown'],
    ['--vportctl 21', balanced, 'unknown'],
  ] as const)('%s', (options, changes, expected) => expect(fits(`-m ipvs ${options}`, changes, node)).toBe(expected));
});
