import { KproxyError } from '../errors.js';
import type { NodeAccess } from '../node/access.js';
import { applyPlan } from '../node/apply.js';
import { withBackend } from '../node/iptables-backend.js';
import { type ActualNode, readNode } from '../node/read.js';
import { syncSummary } from '../output/sync-summary.js';
import { changeLine } from '../plan/change-line.js';
import { type IsOwn, ownership } from '../plan/ownership.js';
import { type Plan, planOf } from '../plan/plan.js';
import { batchScript } from '../script/batch-script.js';
import { stepsScript } from '../script/steps-script.js';
import { notReadBack } from '../sync/read-back.js';
import type { Io } from './shared/io.js';
import type { CommandOutcome } from './shared/outcome.js';

export interface CleanupOptions {
  readonly nodeName: string;
  /** Networks whose virtual servers are somebody else's. */
  readonly excludeCidrs: readonly string[];
  readonly dryRun: boolean;
  readonly script: 'steps' | 'batch';
  readonly sudo: boolean;
}

/** Removes everything of kproxy's, and of kube-proxy's ipvs mode, from the node, or prints the script that would. */
export async function runCleanup(options: CleanupOptions, node: NodeAccess, io: Io): Promise<CommandOutcome> {
  const actual = await readNode(node);
  const isOwn = ownershipOf(actual, options);
  const plan = planOf(actual.state, nothing, isOwn);
  if (options.dryRun) io.stdout(scriptOf(plan, actual, options));
  else {
    if (plan.length > 0) await removeAndVerify(plan, isOwn, withBackend(node, actual.iptables));
    io.stdout(
      plan.length === 0
        ? `node ${options.nodeName}: nothing of kproxy's is left\n`
        : syncSummary(options.nodeName, plan),
    );
  }
  return 'done';
}

const nothing = { state: new Map(), reasons: new Map() } as const;

const ownershipOf = ({ state, facts }: ActualNode, { excludeCidrs }: CleanupOptions): IsOwn =>
  ownership(state, { nodeAddresses: new Set(facts.localAddresses.map(({ address }) => address)), excludeCidrs });

function scriptOf(plan: Plan, { iptables }: ActualNode, { nodeName, script, sudo }: CleanupOptions): string {
  const options = { nodeName, sudo, iptables, startsFrom: 'its present state', purpose: 'cleanup' as const };
  return script === 'batch'
    ? batchScript(plan, options)
    : stepsScript(plan, { ...options, isInChapter: undefined, servicePortsOf: () => [] });
}

/** What was kproxy's before counts: once the VIPs and sets are gone, nothing tells any more whose a virtual server is. */
async function removeAndVerify(plan: Plan, isOwn: IsOwn, node: NodeAccess): Promise<void> {
  await applyPlan(node, plan);
  const after = await readNode(node).catch(error => {
    throw notReadBack(error, 'cleanup');
  });
  const left = planOf(after.state, nothing, isOwn);
  if (left.length === 0) return;
  throw new KproxyError({
    message: `${left.length} of ${plan.length} things are still on the node although all commands succeeded`,
    evidence: left.slice(0, 20).map(changeLine).join('\n'),
    advice: 'Run kproxy cleanup again. If the same remains, another program puts it there.',
    code: 'leftovers-present',
  });
}
