import { KproxyError } from '../errors.js';
import type { NodeAccess } from '../node/access.js';
import { actualState } from '../node/actual-state.js';
import { applyPlan } from '../node/apply.js';
import { addressesOf, familiesWithUnknownRules, type NodeFacts } from '../node/facts.js';
import { type IptablesBackend, withBackend } from '../node/iptables-backend.js';
import { readNode } from '../node/read.js';
import { noReasons } from '../node/reason.js';
import type { NodeState } from '../node/state.js';
import { syncSummary } from '../output/sync-summary.js';
import { firstChangeLines } from '../plan/change-line.js';
import { type IsOwn, ownership } from '../plan/ownership.js';
import { type Plan, planOf } from '../plan/plan.js';
import { batchScript } from '../script/batch-script.js';
import { stepsScript } from '../script/steps-script.js';
import { verify } from '../sync/verify.js';
import type { Io } from './shared/io.js';
import type { CommandOutcome } from './shared/outcome.js';
import { reportRemarks } from './shared/report-node.js';

export interface CleanupOptions {
  readonly nodeName: string;
  /** Networks whose virtual servers belong to other software. */
  readonly excludeCidrs: readonly string[];
  readonly dryRun: boolean;
  readonly script: 'steps' | 'batch';
  readonly sudo: boolean;
}

/** Removes what kproxy or the ipvs mode of kube-proxy programmed on the node, or prints the script that would. */
export async function runCleanup(options: CleanupOptions, node: NodeAccess, io: Io): Promise<CommandOutcome> {
  const { findings, facts, iptables, remarks } = await readNode(node);
  reportRemarks([...remarks, ...unknownRulesLines(facts)], io);
  const actual = actualState(findings);
  const isOwn = ownershipOf(actual.state, facts, options);
  const plan = planOf(actual, nothing, isOwn);
  if (options.dryRun) io.stdout(scriptOf(plan, iptables, options));
  else {
    if (plan.length > 0) await removeAndVerify(plan, isOwn, withBackend(node, iptables));
    io.stdout(
      plan.length === 0
        ? `node ${options.nodeName}: nothing of kproxy's is left\n`
        : syncSummary(options.nodeName, plan),
    );
  }
  return 'done';
}

/** Says why sets of a family stay. */
const unknownRulesLines = ({ unserved }: NodeFacts): readonly string[] =>
  unserved.flatMap(({ family, reason, areRulesKnown }) =>
    areRulesKnown ? [] : [`rules of ${family} cannot be read (${reason}), so that its sets stay if there are any`],
  );

const nothing = { state: new Map(), setSizes: new Map(), reasons: noReasons } as const;

const ownershipOf = (state: NodeState, facts: NodeFacts, { excludeCidrs }: CleanupOptions): IsOwn =>
  ownership(state, {
    nodeAddresses: addressesOf(facts),
    excludeCidrs,
    isClaimed: () => false,
    isProgrammed: false,
    unknownRules: familiesWithUnknownRules(facts),
  });

function scriptOf(plan: Plan, iptables: IptablesBackend, { nodeName, script, sudo }: CleanupOptions): string {
  const options = { nodeName, sudo, iptables, startsFrom: 'its present state', purpose: 'cleanup' as const };
  return script === 'batch'
    ? batchScript(plan, options)
    : stepsScript(plan, { ...options, reasons: noReasons, tutorial: undefined, servicePortsOf: () => [] });
}

async function removeAndVerify(plan: Plan, isOwn: IsOwn, node: NodeAccess): Promise<void> {
  await applyPlan(node, plan, 'cleanup');
  const left = await verify(node, { ...nothing, plan, isOwn }, 'cleanup');
  if (left.length === 0) return;
  throw new KproxyError({
    code: 'leftovers-present',
    message: `${left.length} of ${plan.length} elements are still on the node although all commands succeeded`,
    evidence: firstChangeLines(left),
    advice: 'Run kproxy cleanup again. If the same remains, another program restores it.',
  });
}
