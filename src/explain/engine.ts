import type { Datapath } from '../node/datapath/datapath.js';
import { indexDatapath } from './datapath-index.js';
import type { Engine } from './explain.js';
import { aboutServicePort } from './known-world.js';
import { summarize } from './summarize.js';
import type { World } from './walk/question.js';
import { traceFlow } from './walk/trace-flow.js';

/** Returns the engine that follows packets through a datapath. */
export function engineOn(datapath: Datapath, world: World, causeOf: Engine['causeOf']): Engine {
  const index = indexDatapath(datapath);
  return {
    trace: (question, { target }) => traceFlow(index, question, aboutServicePort(world, target.servicePort)),
    summarize,
    causeOf,
  };
}
