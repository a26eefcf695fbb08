import { localRoute } from '../../../src/explain/datapath/after/devices.js';
import { families } from '../../../src/net/address.js';
import type { Datapath, DatapathLink, Route } from '../../../src/node/datapath/datapath.js';
import type { FakeKernel } from '../../support/fake-node/index.js';

/** Returns the datapath of a fake node's kernel. Written without the reader, so that each can be tested alone. */
export function datapathOfKernel(kernel: FakeKernel): Datapath {
  const links = Array.from(
    kernel.links,
    ([name, link]): DatapathLink => ({
      name,
      ...(link.type === undefined ? {} : { type: link.type }),
      isUp: link.type !== 'dummy',
      addresses: link.addresses.map(({ address, prefix }) => ({ address, prefix, scope: 'global' })),
    }),
  );
  return {
    tables: families.flatMap(family =>
      Array.from(kernel.tables[family], ([name, chains]) => ({
        family,
        name,
        chains: Array.from(chains, ([chain, { policy, rules }]) => ({
          name: chain,
          policy,
          rules: rules.map(argv => ({ argv })),
        })),
      })),
    ),
    sets: Array.from(kernel.sets, ([name, { type, family, entries }]) => ({
      name,
      type,
      family,
      entries: Array.from(entries, value => ({ value })),
    })),
    virtualServers: Array.from(kernel.servers.values(), ({ realServers, ...server }) => ({
      server: { kind: 'virtual-server' as const, ...server },
      realServers: Array.from(realServers.values(), ({ connections, ...real }) => ({
        real: { kind: 'real-server' as const, server, ...real },
        connections,
      })),
    })),
    links,
    routes: links.flatMap(({ name, addresses }) => addresses.map(({ address }) => localRoute(address, name))),
    routingRules: [],
    sysctls: Object.fromEntries(kernel.sysctls),
    sockets: undefined,
    unread: [],
  };
}

const routeText = ({ table, type, destination, hops }: Route): string =>
  `route ${table} ${type} ${destination} ${hops.map(({ device }) => device).join()}`;

/** Returns a datapath as sorted lines, without what has no order and without connections, for comparisons. */
export const datapathText = (datapath: Datapath): readonly string[] =>
  [
    ...datapath.tables.flatMap(({ family, name, chains }) =>
      chains.map(chain =>
        [`${family} ${name} ${chain.name} ${chain.policy}`, ...chain.rules.map(({ argv }) => argv.join(' '))].join(
          ' | ',
        ),
      ),
    ),
    ...datapath.sets.flatMap(({ name, type, family, entries }) => [
      `set ${name} ${type} ${family}`,
      ...entries.map(({ value, isException }) => `entry ${name} ${value}${isException ? ' nomatch' : ''}`),
    ]),
    ...datapath.virtualServers.flatMap(({ server, realServers }) => {
      const text = `${server.protocol} ${server.address} ${server.port}`;
      const { scheduler, flags, persistence } = server;
      return [
        `server ${text} ${JSON.stringify({ scheduler, flags, persistence })}`,
        ...realServers.map(({ real }) => `real ${text} ${real.address} ${real.port} ${real.weight}`),
      ];
    }),
    ...datapath.links.flatMap(({ name, type, addresses }) => [
      `link ${name} ${type}`,
      ...addresses.map(({ address, prefix }) => `address ${name} ${address}/${prefix}`),
    ]),
    ...new Set(datapath.routes.map(routeText)),
    ...Object.entries(datapath.sysctls).map(pair => pair.join('=')),
  ].sort();
