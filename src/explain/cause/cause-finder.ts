import type { Cluster } from '../../cluster/cluster.js';
import type { Pod } from '../../cluster/schema/pod.js';
import type { Change } from '../../node/change.js';
import type { Datapath } from '../../node/datapath/datapath.js';
import { ordered } from '../../plan/order.js';
import type { DesiredState } from '../../plan/plan.js';
import type { ProxyOptions } from '../../proxy/options.js';
import type { ScriptStyle } from '../../script/step-text.js';
import { datapathAfter } from '../datapath/after/datapath-after.js';
import { indexDatapath } from '../datapath/datapath-index.js';
import type { Engine } from '../explain.js';
import { aboutServicePort } from '../known-surroundings.js';
import { summarize } from '../trace/summarize.js';
import type { Surroundings } from '../walk/surroundings.js';
import { traceFlow } from '../walk/trace-flow.js';
import { causeOf } from './cause-of.js';

/** What the causes of all flows are sought in. */
export interface CauseContext {
  /** The datapath that the flows are explained on. */
  readonly datapath: Datapath;
  readonly surroundings: Surroundings;
  /** What kproxy would change on the node: `diff` of actual and desired state. Empty for the node as it should be. */
  readonly changes: readonly Change[];
  readonly desired: DesiredState;
  readonly cluster: Cluster;
  readonly options: Pick<ProxyOptions, 'nodeName'>;
  /** The Pods of the Service's namespace, if they were read apart from the cluster. */
  readonly pods?: readonly Pod[] | undefined;
  readonly style: ScriptStyle;
}

/** Returns the function that finds the cause of a flow. What all flows share is computed once, if any flow needs it. */
export function causeFinder(context: CauseContext): Engine['causeOf'] {
  const { datapath, surroundings, changes } = context;
  let synced: Datapath | undefined;
  return ({ asked: { target, family, protocol }, question, trace, summary }) => {
    synced ??= datapathAfter(datapath, ordered(changes));
    const near = aboutServicePort(surroundings, target.servicePort);
    return causeOf({
      ...context,
      ...{ target, family, protocol, synced },
      now: { trace, verdict: summary.verdict, backends: summary.backends },
      explainOn: on => {
        const found = traceFlow(indexDatapath(on), question, near);
        const { verdict, backends } = summarize(found);
        return { trace: found, verdict, backends };
      },
    });
  };
}
