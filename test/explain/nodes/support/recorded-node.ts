import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { Datapath } from '../../../../src/node/datapath/datapath.js';
import { parseLinks } from '../../../../src/node/tools/ip-link-list.js';
import { parseRoutes } from '../../../../src/node/tools/ip-route-list.js';
import { parseRoutingRules } from '../../../../src/node/tools/ip-rule-list.js';
import { parseMatchSets } from '../../../../src/node/tools/ipset-save-sets.js';
import { parseSavedTables } from '../../../../src/node/tools/iptables-save-tables.js';

const folder = new URL('..', import.meta.url);

/** The nodes of this folder: what the tools print where this software runs. */
export const nodeNames: readonly string[] = readdirSync(folder).filter(
  name => name !== 'support' && statSync(new URL(name, folder)).isDirectory(),
);

/** What other software than kproxy has on a node. A part that its folder does not have is undefined. */
export type RecordedNode = Partial<Pick<Datapath, 'tables' | 'sets' | 'links' | 'routes' | 'routingRules'>>;

export function recordedNode(name: string): RecordedNode {
  const parsed = <Value>(file: string, parse: (text: string) => Value): Value | undefined => {
    const path = new URL(`${name}/${file}`, folder);
    return existsSync(path) ? parse(readFileSync(path, 'utf8')) : undefined;
  };
  const parts = {
    tables: parsed('iptables-save', text => parseSavedTables(text, 'IPv4').tables),
    sets: parsed('ipset-save', parseMatchSets),
    links: parsed('links.json', parseLinks),
    routes: parsed('routes.json', text => parseRoutes(text, 'IPv4').routes),
    routingRules: parsed('rules.json', text => parseRoutingRules(text, 'IPv4')),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
}
