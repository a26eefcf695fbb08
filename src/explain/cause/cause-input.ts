import type { Cluster } from '../../cluster/cluster.js';
import type { Pod } from '../../cluster/schema/pod.js';
import type { Family } from '../../net/address.js';
import type { Protocol } from '../../net/protocol.js';
import type { Change } from '../../node/change.js';
import type { Datapath } from '../../node/datapath/datapath.js';
import type { DesiredState } from '../../plan/plan.js';
import type { ProxyOptions } from '../../proxy/options.js';
import type { ScriptStyle } from '../../script/step-text.js';
import type { BackendResult, Target } from '../explanation.js';
import type { Trace, Verdict } from '../trace/trace.js';

/** What becomes of a flow on one datapath. */
export interface FlowResult {
  readonly trace: Trace;
  readonly verdict: Verdict;
  readonly backends: readonly BackendResult[];
}

/** A flow, and everything that can show why it is treated as it is. */
export interface CauseInput {
  readonly target: Target;
  readonly family: Family;
  readonly protocol: Protocol;
  /** The datapath that the flow was explained on. */
  readonly datapath: Datapath;
  readonly now: FlowResult;
  /** Explains the same flow on another datapath. */
  readonly explainOn: (datapath: Datapath) => FlowResult;
  /** What kproxy would change on the node. Empty for the node as it should be. */
  readonly changes: readonly Change[];
  /** The datapath after all changes, if it was computed before. */
  readonly synced?: Datapath;
  readonly desired: DesiredState;
  readonly cluster: Cluster;
  readonly options: Pick<ProxyOptions, 'nodeName'>;
  /** The Pods of the Service's namespace, if they were read. They say why a Service has no ready endpoint. */
  readonly pods?: readonly Pod[] | undefined;
  readonly style: ScriptStyle;
  /** Whether commands come before that delete rules of other software. */
  readonly movesRules?: boolean;
}
