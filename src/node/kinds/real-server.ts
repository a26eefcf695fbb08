import { addressAndPort } from '../../net/address.js';
import type { Check } from '../command.js';
import type { Forwarding, RealServer } from '../element.js';
import type { ElementKind } from '../kind.js';
import { serviceArguments } from '../tools/ipvsadm.js';
import { flatText, isShouldBe, virtualServerText } from '../tools/text.js';

const forwardingFlags: Readonly<Record<Forwarding, string>> = {
  masquerade: '-m',
  route: '-g',
  tunnel: '-i',
  local: '-m',
};

type RealServerAddress = Pick<RealServer, 'server' | 'address' | 'port'>;

const realServerText = (server: RealServerAddress): string => addressAndPort(server.address, server.port);
const both = (server: RealServer): readonly string[] => [
  ...serviceArguments(server.server),
  '-r',
  realServerText(server),
];

const withForwarding = (server: RealServer): readonly string[] => [...both(server), forwardingFlags[server.forwarding]];

/** Leaves out a weight of 1, ipvsadm's default, as the tutorial does. */
const withWeight = (server: RealServer): readonly string[] =>
  server.weight === 1 ? withForwarding(server) : [...withForwarding(server), '-w', String(server.weight)];

const isPresent = (server: RealServer): Check => ({
  argv: ['ipvsadm', '-S', '-n'],
  finds: `-a ${both(server).join(' ')} `,
});

export const realServerKey = (server: RealServerAddress): string =>
  flatText('real-server', virtualServerText(server.server), realServerText(server));

const thresholdText = ({ thresholds }: RealServer): string | undefined =>
  thresholds && `${thresholds.upper} and ${thresholds.lower}`;

export const realServerKind: ElementKind<RealServer> = {
  stage: () => 'ipvs',
  key: realServerKey,
  // The kernel lists masquerading to one of the node's own addresses as `local`.
  same: (actual, desired) =>
    actual.weight === desired.weight &&
    forwardingFlags[actual.forwarding] === forwardingFlags[desired.forwarding] &&
    thresholdText(actual) === thresholdText(desired),
  differences: (actual, desired) => [
    ...(actual.weight === desired.weight ? [] : [isShouldBe('weight', actual.weight, desired.weight)]),
    ...(forwardingFlags[actual.forwarding] === forwardingFlags[desired.forwarding]
      ? []
      : [isShouldBe('forwarding', actual.forwarding, desired.forwarding)]),
    ...(thresholdText(actual) === thresholdText(desired)
      ? []
      : [isShouldBe('connection thresholds', thresholdText(actual), thresholdText(desired))]),
  ],
  describe: server =>
    `real server ${realServerText(server)} of ${virtualServerText(server.server)}, weight ${server.weight}${
      server.forwarding === 'masquerade' || server.forwarding === 'local' ? '' : `, forwarding ${server.forwarding}`
    }`,
  steps: change => {
    if (change.verb === 'add')
      return [{ command: { argv: ['ipvsadm', '-a', ...withWeight(change.after)] }, unless: [isPresent(change.after)] }];
    if (change.verb === 'change')
      return [
        { command: { argv: ['ipvsadm', '-e', ...withForwarding(change.after), '-w', String(change.after.weight)] } },
      ];
    return [{ command: { argv: ['ipvsadm', '-d', ...both(change.before)] }, when: isPresent(change.before) }];
  },
  batch: change => {
    if (change.verb === 'remove') return [{ text: `-d ${both(change.before).join(' ')}` }];
    const verb = change.verb === 'add' ? '-a' : '-e';
    return [{ text: `${verb} ${[...withForwarding(change.after), '-w', String(change.after.weight)].join(' ')}` }];
  },
};
