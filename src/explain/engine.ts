import type { Change } from '../node/change.js';
import type { Datapath } from '../node/datapath/datapath.js';
import type { Desired } from '../proxy/desired.js';
import type { ScriptStyle } from '../script/step-text.js';
import type { World } from './ask/world.js';
import { causeOf } from './cause/cause-of.js';
import { type DatapathIndex, indexDatapath } from './datapath-index.js';
import type { Engine } from './explain.js';
import { aboutServicePort, knownWorld } from './known-world.js';
import { summarize } from './summarize.js';
import type { Question } from './walk/question.js';
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
  const world = knownWorld(cluster, desired, proxy.nodeName);
  const follow = (node: DatapathIndex, question: Question, servicePort: string | undefined) =>
    traceFlow(node, question, aboutServicePort(world, servicePort));
  return {
    trace: (question, { target }) => follow(here, question, target.servicePort),
    summarize,
    causeOf: ({ asked: { target, family, protocol }, question, trace, summary }) => {
      const explainOn = (other: Datapath) => {
        const then = follow(indexDatapath(other), question, target.servicePort);
        return { ...summarize(then), trace: then };
      };
      const now = { ...summary, trace };
      const flow = { target, family, protocol, datapath, now, explainOn };
      return causeOf({ ...flow, changes, desired, cluster, options: proxy, style });
    },
  };
}
