import { type Change, subjectOf } from '../../../node/change.js';
import type { Datapath } from '../../../node/datapath/datapath.js';
import type { Element, ElementKindName } from '../../../node/element.js';
import { DevicesDraft } from './devices.js';
import { ServersDraft } from './servers.js';
import { SetsDraft } from './sets.js';
import { withSysctl } from './sysctls.js';
import { TablesDraft } from './tables.js';

interface Drafts {
  readonly tables: TablesDraft;
  readonly sets: SetsDraft;
  readonly devices: DevicesDraft;
  readonly servers: ServersDraft;
  sysctls: Datapath['sysctls'];
}

type Appliers = {
  readonly [Kind in ElementKindName]: (drafts: Drafts, change: Change<Extract<Element, { kind: Kind }>>) => void;
};

const nothing = (): void => undefined;

/** How a change of each kind of element changes the datapath. */
const appliers: Appliers = {
  module: nothing,
  'ipvs-timeouts': nothing,
  flow: nothing,
  sysctl: (drafts, change) => {
    if (change.verb !== 'remove') drafts.sysctls = withSysctl(drafts.sysctls, change.after);
  },
  link: ({ devices }, change) => devices.link(change),
  address: ({ devices }, change) => devices.address(change),
  set: ({ sets }, change) => sets.set(change),
  entry: ({ sets }, change) => sets.entry(change),
  chain: ({ tables }, change) => tables.chain(change),
  jumps: ({ tables }, change) => tables.jumps(change),
  'virtual-server': ({ servers }, change) => servers.server(change),
  'real-server': ({ servers }, change) => servers.realServer(change),
};

const applierOf = (change: Change) => appliers[subjectOf(change).kind] as (drafts: Drafts, change: Change) => void;

/**
 * Returns the datapath that a node has after changes, made in the order given. What the kernel refuses, such as an
 * entry of a missing set, is left out. Everything that no change touches is shared with the given datapath.
 */
export function datapathAfter(datapath: Datapath, changes: readonly Change[]): Datapath {
  if (changes.length === 0) return datapath;
  const drafts: Drafts = {
    tables: new TablesDraft(datapath.tables),
    sets: new SetsDraft(datapath.sets),
    devices: new DevicesDraft(datapath),
    servers: new ServersDraft(datapath.virtualServers),
    sysctls: datapath.sysctls,
  };
  for (const change of changes) applierOf(change)(drafts, change);
  return {
    ...datapath,
    tables: drafts.tables.result(),
    sets: drafts.sets.result(),
    virtualServers: drafts.servers.result(),
    links: drafts.devices.links(),
    routes: drafts.devices.routes(),
    sysctls: drafts.sysctls,
  };
}
