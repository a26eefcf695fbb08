import { KproxyError } from '../errors.js';
import type { NodeAccess } from '../node/access.js';
import { actualState } from '../node/actual-state.js';
import { applyPlan } from '../node/apply.js';
import type { Element } from '../node/element.js';
import { addressesOf, familiesWithUnknownRules, type NodeFacts } from '../node/facts.js';
import { type IptablesBackend, withBackend } from '../node/iptables-backend.js';
import { readNode } from '../node/read.js';
import { noReasons, type Reasons } from '../node/reason.js';
import { noRefusals, type Refusals } from '../node/refusal.js';
import type { NodeState } from '../node/state.js';
import { syncSummary } from '../output/sync-summary.js';
import { firstChangeLines } from '../plan/change-line.js';
import { flowsOfChanges } from '../plan/flows-of-changes.js';
import { elementsInUse, type InUse, withInUse } from '../plan/in-use.js';
import { type Ownership, ownership } from '../plan/ownership.js';
import { type Plan, planOf } from '../plan/plan.js';
import { batchScript } from '../script/batch-script.js';
import { stepsScript } from '../script/steps-script.js';
import { exceptIrremovable, nodeRefusalLines, withRefused } from '../sync/refused.js';
import { removeLeavingFlows } from '../sync/remove-stale-flows.js';
import { type VerifyInput, verify } from '../sync/verify.js';
import { countText } from '../text.js';
import type { Io } from './shared/io.js';
import type { CommandOutcome } from './shared/outcome.js';
import { reportInUse } from './shared/report-foreign.js';
import { reportRemarks } from './shared/report-node.js';

export interface CleanupOptions {
  readonly nodeName: string;
  /** Networks whose virtual servers belong to other software. */
  readonly excludeCidrs: readonly string[];
  readonly dryRun: boolean;
  readonly script: 'steps' | 'batch';
  readonly sudo: boolean;
}

/**
 * Removes what kproxy or the ipvs mode of kube-proxy programmed on the node, or prints the script that would. Empties
 * and names chains and sets that other software uses. They do nothing any more, so that is no error.
 */
export async function runCleanup(options: CleanupOptions, node: NodeAccess, io: Io): Promise<CommandOutcome> {
  const removal = await planRemoval(options, node, noRefusals);
  const { plan, inUse, iptables } = removal;
  reportRemarks(removal.remarks, io);
  reportInUse(inUse, io);
  if (options.dryRun)
    io.stdout(scriptOf([...plan, ...flowsOfChanges(removal.actual, plan)], removal.reasons, iptables, options));
  else {
    const flows = plan.length > 0 ? await removeAndVerify(options, removal, node) : [];
    io.stdout(
      plan.length === 0 ? nothingText(options, inUse.size) : syncSummary(options.nodeName, [...plan, ...flows]),
    );
  }
  return 'done';
}

/** What is removed, and what is left because other software uses it. */
interface Removal extends VerifyInput {
  readonly actual: NodeState;
  readonly reasons: Reasons;
  readonly inUse: ReadonlyMap<string, InUse>;
  readonly iptables: IptablesBackend;
  /** What the user should know of the node. */
  readonly remarks: readonly string[];
}

/** Says why sets of a family stay. */
const unknownRulesLines = ({ unserved }: NodeFacts): readonly string[] =>
  unserved.flatMap(({ family, reason, areRulesKnown }) =>
    areRulesKnown ? [] : [`rules of ${family} cannot be read (${reason}), so that its sets stay if there are any`],
  );

/** Reads the node and plans the removal of everything that it does not refuse to remove. */
async function planRemoval(options: CleanupOptions, node: NodeAccess, refusals: Refusals): Promise<Removal> {
  const { findings, facts, iptables, remarks } = await readNode(node);
  const actual = actualState(findings);
  const owned = exceptIrremovable(ownershipOf(actual.state, facts, options), refusals);
  const inUse = elementsInUse(actual, nothing.state);
  const desired = withInUse(nothing, inUse);
  return {
    ...desired,
    actual: actual.state,
    plan: planOf(actual, desired, owned),
    isOwn: owned.isOwn,
    inUse,
    iptables,
    remarks: [...remarks, ...unknownRulesLines(facts)],
  };
}

const nothing = { state: new Map<string, Element>(), setSizes: new Map<string, number>(), reasons: noReasons };

const nothingText = ({ nodeName }: CleanupOptions, inUse: number): string =>
  inUse === 0
    ? `node ${nodeName}: nothing of kproxy's is left\n`
    : `node ${nodeName}: nothing to remove; ${countText(inUse, 'element')} of kproxy's in use by other software\n`;

const ownershipOf = (state: NodeState, facts: NodeFacts, { excludeCidrs }: CleanupOptions): Ownership =>
  ownership(state, {
    nodeAddresses: addressesOf(facts),
    excludeCidrs,
    claimed: new Map(),
    isProgrammed: false,
    unknownRules: familiesWithUnknownRules(facts),
  });

function scriptOf(
  plan: Plan,
  reasons: Reasons,
  iptables: IptablesBackend,
  { nodeName, script, sudo }: CleanupOptions,
): string {
  const options = { nodeName, sudo, iptables, startsFrom: 'its present state', purpose: 'cleanup' as const };
  return script === 'batch'
    ? batchScript(plan, options)
    : stepsScript(plan, { ...options, reasons, tutorial: undefined, servicePortsOf: () => [] });
}

/**
 * @returns the flows that were removed with the virtual servers
 * @throws KproxyError (`leftovers-present`) if something is left although all else was removed
 */
async function removeAndVerify(options: CleanupOptions, first: Removal, node: NodeAccess): Promise<Plan> {
  let refusals = noRefusals;
  let removal = first;
  const remove = ({ plan, iptables }: Removal) => applyPlan(withBackend(node, iptables), plan, 'cleanup');
  for (let { refused } = await remove(first); refused.length > 0; { refused } = await remove(removal)) {
    refusals = withRefused(refusals, refused);
    removal = await planRemoval(options, node, refusals);
  }
  const left = await verify(withBackend(node, removal.iptables), removal, 'cleanup');
  if (left.length > 0)
    throw leftovers(left.length, first.plan.length, 'although all commands succeeded', firstChangeLines(left));
  if (refusals.size > 0)
    throw leftovers(refusals.size, first.plan.length, 'and all others are gone', nodeRefusalLines(refusals).join('\n'));
  const leaving = flowsOfChanges(first.actual, first.plan);
  const changed = { plan: first.plan, leaving, after: removal.state };
  return (await removeLeavingFlows(node, changed, removal.isOwn)).changes;
}

const leftovers = (left: number, all: number, but: string, evidence: string): KproxyError =>
  new KproxyError({
    code: 'leftovers-present',
    message: `${left} of ${all} elements are still on the node ${but}`,
    evidence,
    advice: 'Run kproxy cleanup again. If the same remains, another program restores or uses it.',
  });
