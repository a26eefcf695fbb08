import { withBreaths } from '../breath.js';
import type { NodeAccess } from './access.js';
import { sortFindings } from './actual-state.js';
import { batches, isFailed } from './batches.js';
import { type Change, subjectOf } from './change.js';
import type { Command } from './command.js';
import type { Element, ElementKindName } from './element.js';
import { keyOf, kindOf } from './kinds/index.js';
import { virtualServerKey } from './kinds/virtual-server.js';
import { replacedSet } from './names.js';
import { partOf } from './part.js';
import { readParts } from './read.js';
import type { Refusal } from './refusal.js';
import { refusalError } from './refusal-error.js';
import { runStep } from './run-step.js';

/** The kinds of elements of which one can be left out: all others are needed by the elements of many Services. */
const separateKinds: ReadonlySet<ElementKindName> = new Set([
  'sysctl',
  'ipvs-timeouts',
  'entry',
  'address',
  'virtual-server',
  'real-server',
]);

const isSeparate = (change: Change): boolean => separateKinds.has(subjectOf(change).kind);

/** Returns true if a failed batch may have failed because of single elements. */
export const canBeSeparated = (changes: readonly Change[]): boolean => changes.some(isSeparate);

/**
 * If a node has no element of a kind, and so many changes are tried one by one and none is accepted, the fault is not
 * with single elements.
 */
const mostWithoutSuccess = 16;

/**
 * Finds out which changes of a failed batch the node refuses, and makes all others. Halves the changes that are missing
 * on the node until single ones are left, so that one refusal among n changes takes about log2(n) attempts. What is
 * missing is read from the node: ipvsadm goes on after a refusal, ip and ipset stop, and none of them reliably says
 * which line it was.
 * @param node with the iptables backend that the changes are for
 * @returns nothing if all changes turn out to be on the node
 * @throws KproxyError (`apply-failed`) if the node refuses an element that many others need, or accepts nothing at all
 */
export async function findRefused(node: NodeAccess, changes: readonly Change[]): Promise<readonly Refusal[]> {
  const { missing, kinds } = await compareWith(node, changes);
  const search = new Search(
    node,
    missing.length < changes.length || changes.some(change => kinds.has(kindOfChange(change))),
  );
  await search.halves(missing);
  return search.refused;
}

/**
 * Tries again what a node has refused, with one process for all virtual and real servers: ipvsadm goes on after a
 * refusal.
 * @returns what it still refuses
 */
export async function findStillRefused(node: NodeAccess, refusals: readonly Refusal[]): Promise<readonly Refusal[]> {
  const changes = refusals.map(({ change }) => change);
  for (const { step } of batches(changes.filter(isOfIpvs))) await runStep(node, step);
  for (const change of changes)
    if (!isOfIpvs(change)) for (const step of kindOf(subjectOf(change)).steps(change)) await runStep(node, step);
  const missing = new Set((await compareWith(node, changes)).missing);
  return refusals.filter(({ change }) => missing.has(change));
}

const kindOfChange = (change: Change): ElementKindName => subjectOf(change).kind;
const isOfIpvs = (change: Change): boolean => kindOf(subjectOf(change)).stage(subjectOf(change)) === 'ipvs';

class Search {
  readonly refused: Refusal[] = [];
  readonly #node: NodeAccess;
  #hasSuccess: boolean;

  constructor(node: NodeAccess, hasSuccess: boolean) {
    this.#node = node;
    this.#hasSuccess = hasSuccess;
  }

  async halves(changes: readonly Change[]): Promise<void> {
    const [change] = changes;
    if (change === undefined) return;
    if (changes.length === 1) return this.#single(change);
    const middle = Math.ceil(changes.length / 2);
    await this.#attempt(changes.slice(0, middle));
    await this.#attempt(changes.slice(middle));
  }

  async #attempt(changes: readonly Change[]): Promise<void> {
    const possible = changes.filter(change => !this.#isInRefused(change));
    if (possible.length <= 1) return this.halves(possible);
    if (await this.#isAccepted(possible)) {
      this.#hasSuccess = true;
      return;
    }
    const { missing } = await compareWith(this.#node, possible);
    if (missing.length < possible.length) this.#hasSuccess = true;
    await this.halves(missing);
  }

  async #single(change: Change): Promise<void> {
    for (const step of kindOf(subjectOf(change)).steps(change)) {
      const result = await runStep(this.#node, step);
      if (result.exitCode === 0) continue;
      // Somebody else may have made the change meanwhile.
      if ((await compareWith(this.#node, [change])).missing.length === 0) break;
      return this.#note(refusalOf(change, wordOf(step.command, result.stderr)));
    }
    this.#hasSuccess = true;
  }

  #note(refusal: Refusal): void {
    if (!isSeparate(refusal.change)) throw refusalError(refusal, '', 'Elements of many Services need it.');
    this.refused.push(refusal);
    if (!this.#hasSuccess && this.refused.length >= mostWithoutSuccess)
      throw refusalError(refusal, '', `${this.refused.length} changes of this kind were tried, and all were refused.`);
  }

  async #isAccepted(changes: readonly Change[]): Promise<boolean> {
    for (const { step } of batches(changes)) if (isFailed(step, await runStep(this.#node, step))) return false;
    return true;
  }

  /** A real server cannot be added to a virtual server that was refused. */
  #isInRefused(change: Change): boolean {
    const subject = subjectOf(change);
    if (subject.kind !== 'real-server' || this.refused.length === 0) return false;
    const key = virtualServerKey(subject.server);
    return this.refused.some(refusal => refusal.key === key && refusal.change.verb === 'add');
  }
}

/** An entry that a temporary set does not take would not be taken by the set that it replaces either. */
function refusalOf(change: Change, word: string): Refusal {
  const set = change.verb === 'add' && change.after.kind === 'entry' ? replacedSet(change.after.set) : undefined;
  const about = set === undefined ? change : ({ ...change, after: { ...subjectOf(change), set } } as Change);
  return { key: keyOf(subjectOf(about)), change: about, word };
}

const wordOf = ({ argv }: Command, stderr: string): string =>
  `${argv.join(' ')}: ${stderr.trim().replace(/\s*\n\s*/g, '; ') || 'it failed without a word'}`;

interface Comparison {
  /** The changes that are not on the node, in their order. */
  readonly missing: readonly Change[];
  /** The kinds of which the node has an element. */
  readonly kinds: ReadonlySet<ElementKindName>;
}

async function compareWith(node: NodeAccess, changes: readonly Change[]): Promise<Comparison> {
  const parts = new Set(changes.map(change => partOf(subjectOf(change))).filter(part => part !== undefined));
  const wanted = new Set(changes.map(change => keyOf(subjectOf(change))));
  const present = new Map<string, Element>();
  const kinds = new Set<ElementKindName>();
  const sorting = sortFindings(await readParts(node, parts), element => {
    kinds.add(element.kind);
    const key = keyOf(element);
    if (wanted.has(key)) present.set(key, element);
  });
  await withBreaths(sorting);
  const missing = changes.filter(change => !isMade(change, present.get(keyOf(subjectOf(change)))));
  return { missing, kinds };
}

const isMade = (change: Change, present: Element | undefined): boolean =>
  change.verb === 'remove'
    ? present === undefined
    : present !== undefined && kindOf(change.after).same(present, change.after);
