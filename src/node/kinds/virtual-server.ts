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
  ...(server.persistenceEngine === undefined ? [] : ['--pe', server.persistenceEngine]),
  ...(server.onePacket ? ['-o'] : []),
  ...(server.flags.length === 0 ? [] : ['-b', schedulerFlagText(server.scheduler, server.flags)]),
];

const isVirtualServerPresent = (server: VirtualServerAddress): Check => ({
  argv: ['ipvsadm', '-L', '-n', ...serviceArguments(server)],
});

/** Returns the key of the virtual server at an address and port. */
export const virtualServerKey = (server: VirtualServerAddress): string =>
  flatText('virtual-server', virtualServerText(server));

/** Everything in which two virtual servers at one address can differ, as text. */
const properties: readonly (readonly [name: string, textOf: (server: VirtualServer) => string | undefined])[] = [
  ['scheduler', ({ scheduler }) => scheduler],
  ['scheduler flags', ({ scheduler, flags }) => (flags.length === 0 ? undefined : schedulerFlagText(scheduler, flags))],
  ['persistence', ({ persistence }) => persistence && `${persistence.seconds} s for ${persistence.netmask}`],
  ['persistence engine', ({ persistenceEngine }) => persistenceEngine],
  ['one-packet scheduling', ({ onePacket }) => (onePacket ? 'on' : undefined)],
];

const same = (one: VirtualServer, other: VirtualServer): boolean =>
  one.scheduler === other.scheduler &&
  one.flags.join() === other.flags.join() &&
  one.persistence?.seconds === other.persistence?.seconds &&
  one.persistence?.netmask === other.persistence?.netmask &&
  one.persistenceEngine === other.persistenceEngine &&
  one.onePacket === other.onePacket;

export const virtualServerKind: ElementKind<VirtualServer> = {
  stage: () => 'ipvs',
  key: virtualServerKey,
  same,
  differences: (actual, desired) =>
    properties
      .map(([name, textOf]) => [name, textOf(actual), textOf(desired)] as const)
      .filter(([, before, after]) => before !== after)
      .map(([name, before, after]) => isShouldBe(name, before, after)),
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
