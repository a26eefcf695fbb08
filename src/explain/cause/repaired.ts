import type { CountedRule, Datapath, RuleChain } from '../../node/datapath/datapath.js';
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
      return withLink(datapath, blame.link, { isUp: true });
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

const withLink = (
  datapath: Datapath,
  name: string,
  properties: { readonly isUp: true } | { readonly isHairpin: true },
): Datapath => ({
  ...datapath,
  links: datapath.links.map(link => (link.name === name ? { ...link, ...properties } : link)),
});
