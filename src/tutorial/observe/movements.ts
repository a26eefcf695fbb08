import { machines, workers } from '../machines.js';
import { movedChains } from './moved/chains.js';
import { movedCounters } from './moved/counters.js';
import { added, removed } from './moved/lines.js';
import { movedLinks } from './moved/links.js';
import { movedObjects } from './moved/objects.js';
import { movedSets } from './moved/sets.js';
import { movedSysctls } from './moved/sysctls.js';
import { movedVirtualServers } from './moved/virtual-servers.js';
import type { Movement, Observation } from './observed.js';

const partsOfWorker = [movedSets, movedChains, movedLinks, movedVirtualServers];

/**
 * Returns what moved from one observation to the next: the kernels of the workers, the objects of the cluster, the
 * shells, and last the counters, which move with every packet.
 */
export const movements = (before: Observation, after: Observation): readonly Movement[] => [
  ...workers.flatMap(name => partsOfWorker.flatMap(part => part(name, before.workers[name], after.workers[name]))),
  ...movedSysctls(before.workers, after.workers),
  ...movedObjects(before.objects, after.objects),
  ...movedShells(before, after),
  ...workers.flatMap(name => movedCounters(name, before.workers[name], after.workers[name])),
];

const movedShells = (before: Observation, after: Observation): readonly Movement[] =>
  machines
    .filter(name => before.rootShells.has(name) !== after.rootShells.has(name))
    .map(name => (after.rootShells.has(name) ? added : removed)(`${name}: shell`, 'root'));
