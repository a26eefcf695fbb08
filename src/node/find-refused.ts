import type { NodeAccess } from './access.js';
import { type Change, subjectOf } from './change.js';
import { kindOf } from './kinds/index.js';
import { compareWith } from './missing-changes.js';
import type { Refusal } from './refusal.js';
import { isSeparate, RefusalSearch } from './refusal-search.js';
import { runStep } from './run-step.js';
import { isTriedTogether, persistentStages, stageOf, tryTogether } from './try-together.js';

/** Returns true if a failed batch may have failed because of single elements. */
export const canBeSeparated = (changes: readonly Change[]): boolean => changes.some(isSeparate);

/**
 * Finds out which changes of a failed batch the node refuses, and makes all others. What is missing is read from the
 * node. Where the tool goes on after a refusal, one process tries all that is missing; ipset stops, and the changes are
 * halved. How many processes that takes is bounded, because a tenant may ask for any number of refusals.
 * @param node with the iptables backend that the changes are for
 * @returns nothing if all changes turn out to be on the node
 * @throws KproxyError (`apply-failed`) if the node refuses an element that many others need, or accepts nothing at all
 */
export async function findRefused(node: NodeAccess, changes: readonly Change[]): Promise<readonly Refusal[]> {
  const { missing: first, kinds } = await compareWith(node, changes);
  const { missing, words } = await tryTogether(node, first);
  const hasSuccess = missing.length < changes.length || changes.some(change => kinds.has(subjectOf(change).kind));
  const search = new RefusalSearch(node, hasSuccess);
  if (words === undefined) await search.run(missing);
  else search.note(missing, words);
  return search.refused;
}

/**
 * Tries again what a node has refused: with one process for all addresses, one for all virtual and real servers, and
 * one for each of the rest.
 * @returns what it still refuses
 */
export async function findStillRefused(node: NodeAccess, refusals: readonly Refusal[]): Promise<readonly Refusal[]> {
  const changes = refusals.map(({ change }) => change);
  const missing: Change[] = [];
  for (const stage of persistentStages) {
    const together = changes.filter(change => stageOf(change) === stage);
    if (together.length > 0) missing.push(...(await tryTogether(node, together)).missing);
  }
  const alone = changes.filter(change => !isTriedTogether(change));
  for (const change of alone) for (const step of kindOf(subjectOf(change)).steps(change)) await runStep(node, step);
  if (alone.length > 0) missing.push(...(await compareWith(node, alone)).missing);
  const isMissing = new Set(missing);
  return refusals.filter(({ change }) => isMissing.has(change));
}
