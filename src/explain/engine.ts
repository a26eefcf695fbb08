import type { Change } from '../node/change.js';
import type { Desired } from '../proxy/desired.js';
import type { ScriptStyle } from '../script/step-text.js';
import type { World } from './ask/world.js';
import { causeFinder } from './cause/cause-finder.js';
import { indexDatapath } from './datapath/datapath-index.js';
import type { Engine } from './explain.js';
import { aboutServicePort, knownSurroundings } from './known-surroundings.js';
import { traceFlow } from './walk/trace-flow.js';

/** What causes are looked for in. */
export interface Suspects {
  readonly desired: Desired;
  /** What kproxy would change on the node. Empty for the node as it should be. */
  readonly changes: readonly Change[];
  /** How commands are written. */
  readonly style: ScriptStyle;
}

/** Returns the engine that follows packets through a node's datapath, and finds out what stops them. */
export function engineOn({ cluster, proxy, datapath }: World, { desired, changes, style }: Suspects): Engine {
  const here = indexDatapath(datapath);
  const surroundings = knownSurroundings(cluster, desired, proxy.nodeName);
  const causeOf = causeFinder({ datapath, surroundings, changes, desired, cluster, options: proxy, style });
  return {
    trace: (question, { target }) => traceFlow(here, question, aboutServicePort(surroundings, target.servicePort)),
    causeOf,
  };
}
