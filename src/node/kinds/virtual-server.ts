import type { Check } from '../command.js';
import type { VirtualServer, VirtualServerAddress } from '../element.js';
import type { ElementKind } from '../kind.js';
import { persistenceArguments, schedulerFlagText, serviceArguments } from '../tools/ipvsadm.js';
import { flatText, isShouldBe, virtualServerText } from '../tools/text.js';

const virtualServerArguments = (server: VirtualServer): readonly string[] => [
  ...serviceArguments(server),
  '-s',
  server.scheduler,
  ...persistenceArguments(server),
  ...(server.flags.length === 0 ? [] : ['-b', schedulerFlagText(server.scheduler, server.flags)]),
];

const isVirtualServerPresent = (server: VirtualServerAddress): Check => ({
  argv: ['ipvsadm', '-L', '-n', ...serviceArguments(server)],
});

/** Returns the key of the virtual server at an address and port. */
export const virtualServerKey = (server: VirtualServerAddress): string =>
  flatText('virtual-server', virtualServerText(server));

const samePersistence = (one: VirtualServer['persistence'], other: VirtualServer['persistence']): boolean =>
  one?.seconds === other?.seconds && one?.netmask === other?.netmask;

const flagText = ({ scheduler, flags }: VirtualServer): string | undefined =>
  flags.length === 0 ? undefined : schedulerFlagText(scheduler, flags);
const persistenceText = ({ persistence }: VirtualServer): string | undefined =>
  persistence && `${persistence.seconds} s for ${persistence.netmask}`;

export const virtualServerKind: ElementKind<VirtualServer> = {
  stage: () => 'ipvs',
  key: virtualServerKey,
  same: (actual, desired) =>
    actual.scheduler === desired.scheduler &&
    actual.flags.join() === desired.flags.join() &&
    samePersistence(actual.persistence, desired.persistence),
  differences: (actual, desired) => [
    ...(actual.scheduler === desired.scheduler ? [] : [isShouldBe('scheduler', actual.scheduler, desired.scheduler)]),
    ...(actual.flags.join() === desired.flags.join()
      ? []
      : [isShouldBe('scheduler flags', flagText(actual), flagText(desired))]),
    ...(samePersistence(actual.persistence, desired.persistence)
      ? []
      : [isShouldBe('persistence', persistenceText(actual), persistenceText(desired))]),
  ],
  describe: server =>
    `virtual server ${virtualServerText(server)} ` +
    `${server.scheduler}${server.persistence ? ` persistent ${server.persistence.seconds}` : ''}${
      server.flags.length === 0 ? '' : ` (${schedulerFlagText(server.scheduler, server.flags)})`
    }`,
  steps: change => {
    if (change.verb === 'add')
      return [
        {
          command: { argv: ['ipvsadm', '-A', ...virtualServerArguments(change.after)] },
          unless: [isVirtualServerPresent(change.after)],
        },
      ];
    if (change.verb === 'change')
      return [{ command: { argv: ['ipvsadm', '-E', ...virtualServerArguments(change.after)] } }];
    return [
      {
        command: { argv: ['ipvsadm', '-D', ...serviceArguments(change.before)] },
        when: isVirtualServerPresent(change.before),
      },
    ];
  },
  batch: change => {
    if (change.verb === 'remove') return [{ text: `-D ${serviceArguments(change.before).join(' ')}` }];
    return [{ text: `${change.verb === 'add' ? '-A' : '-E'} ${virtualServerArguments(change.after).join(' ')}` }];
  },
};
