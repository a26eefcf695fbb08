import { familyOf } from '../../net/address.js';
import { canonicalNetwork, hostNetwork } from '../../net/network.js';
import type { CountedRule, Datapath, Route, RuleChain } from '../../node/datapath/datapath.js';
import { withSysctl } from '../datapath/after/sysctls.js';
import type { Blame, RulePlace } from '../trace/trace.js';

/**
 * Returns the datapath without what a packet's end is blamed on, to find out whether nothing else is in the way.
 * Undefined if it is not known what would have to change.
 */
export function repairedDatapath(datapath: Datapath, blame: Blame): Datapath | undefined {
  switch (blame.part) {
    case 'rule':
      return withChain(datapath, blame, chain => ({ ...chain, rules: withoutRule(chain.rules, blame) }));
    case 'policy':
      return withChain(datapath, blame, chain => ({ ...chain, policy: 'ACCEPT' }));
    case 'sysctl':
      return {
        ...datapath,
        sysctls: withSysctl(datapath.sysctls, { name: blame.name, value: blame.needed }),
      };
    case 'hairpin':
      return withLink(datapath, blame.port, { isHairpin: true });
    case 'link':
      return withConnectedRoutes(withLink(datapath, blame.link, { isUp: true }), blame.link);
    default:
      return undefined;
  }
}

function withoutRule(rules: readonly CountedRule[], { number }: RulePlace): readonly CountedRule[] {
  return rules.filter((_, index) => index !== number - 1);
}

const withChain = (
  datapath: Datapath,
  place: Pick<RulePlace, 'family' | 'table' | 'chain'>,
  edit: (chain: RuleChain) => RuleChain,
): Datapath => ({
  ...datapath,
  tables: datapath.tables.map(table =>
    table.family === place.family && table.name === place.table
      ? { ...table, chains: table.chains.map(chain => (chain.name === place.chain ? edit(chain) : chain)) }
      : table,
  ),
});

/** The kernel gives a device that comes up the routes to the networks of its addresses. */
function withConnectedRoutes(datapath: Datapath, name: string): Datapath {
  const addresses = datapath.links.find(link => link.name === name)?.addresses ?? [];
  const routes = addresses.map(({ address, prefix }) => connectedRoute(name, address, prefix));
  return { ...datapath, routes: [...datapath.routes, ...routes] };
}

const connectedRoute = (device: string, address: string, prefix: number): Route => ({
  family: familyOf(address),
  table: 'main',
  type: 'unicast',
  destination: canonicalNetwork(`${address}/${prefix}`) ?? hostNetwork(address),
  metric: 0,
  hops: [{ device }],
  source: address,
});

const withLink = (
  datapath: Datapath,
  name: string,
  properties: { readonly isUp: true } | { readonly isHairpin: true },
): Datapath => ({
  ...datapath,
  links: datapath.links.map(link => (link.name === name ? { ...link, ...properties } : link)),
});
