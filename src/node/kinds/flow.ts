import { addressAndPort } from '../../net/address.js';
import { protocolNames } from '../../net/protocol.js';
import type { Command } from '../command.js';
import type { Flow } from '../element.js';
import type { ElementKind } from '../kind.js';
import { familyArguments } from '../tools/conntrack.js';

const filter = ({ address, port, backend, backendPort }: Flow): readonly string[] => [
  ...familyArguments(address),
  ...['-p', protocolNames.UDP, '-d', address],
  ...(port === undefined ? [] : ['--dport', String(port)]),
  ...(backend === undefined ? [] : ['-r', backend]),
  ...(backendPort === undefined ? [] : ['--reply-port-src', String(backendPort)]),
];

const placeText = ({ address, port }: Flow): string => (port === undefined ? address : `${address} port ${port}`);

const backendText = ({ backend = '', backendPort }: Flow): string =>
  backendPort === undefined ? backend : addressAndPort(backend, backendPort);

/** Returns the command that deletes flows. It fails with 1 if there are none. */
export const deletionOf = (flow: Flow): Command => ({ argv: ['conntrack', '-D', ...filter(flow)] });

/**
 * Stale conntrack entries of UDP flows to a removed real server: as long as a client keeps sending, its packets would
 * still go there. Flows are removed after the real server.
 */
export const flowKind: ElementKind<Flow> = {
  stage: () => 'conntrack',
  key: flow => `flow ${filter(flow).join(' ')}`,
  same: () => true,
  describe: flow =>
    flow.backend === undefined
      ? `UDP flows from ${placeText(flow)}`
      : `UDP flows from ${placeText(flow)} to ${backendText(flow)}`,
  steps: change =>
    change.verb === 'remove'
      ? [
          {
            command: deletionOf(change.before),
            when: { argv: ['conntrack', '-L', ...filter(change.before)], finds: `${protocolNames.UDP} ` },
          },
        ]
      : [],
  batch: change => (change.verb === 'remove' ? [{ text: `-D ${filter(change.before).join(' ')}` }] : []),
};
