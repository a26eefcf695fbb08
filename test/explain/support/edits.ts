import type { Datapath, DatapathLink, RuleChain } from '../../../src/node/datapath/datapath.js';

/** Returns a datapath with one chain of IPv4 edited. */
export const withChain = (
  datapath: Datapath,
  table: string,
  chain: string,
  edit: (chain: RuleChain) => RuleChain,
): Datapath => ({
  ...datapath,
  tables: datapath.tables.map(one =>
    one.family === 'IPv4' && one.name === table
      ? { ...one, chains: one.chains.map(known => (known.name === chain ? edit(known) : known)) }
      : one,
  ),
});

export const withSysctls = (datapath: Datapath, sysctls: Datapath['sysctls']): Datapath => ({
  ...datapath,
  sysctls: { ...datapath.sysctls, ...sysctls },
});

export const withLink = (datapath: Datapath, name: string, properties: Partial<DatapathLink>): Datapath => ({
  ...datapath,
  links: datapath.links.map(link => (link.name === name ? { ...link, ...properties } : link)),
});
