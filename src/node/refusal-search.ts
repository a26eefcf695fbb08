import type { NodeAccess } from './access.js';
import { batches, isFailed } from './batches.js';
import { type Change, isRemoval, subjectOf } from './change.js';
import type { ElementKindName } from './element.js';
import { keyOf, kindOf } from './kinds/index.js';
import { virtualServerKey } from './kinds/virtual-server.js';
import { compareWith } from './missing-changes.js';
import { replacedSet } from './names.js';
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

/** Returns true for a change that can be left out alone. */
export const isSeparate = (change: Change): boolean => separateKinds.has(subjectOf(change).kind);

/**
 * If a node has no element of a kind, and so many changes are tried one by one and none is accepted, the fault is not
 * with single elements.
 */
const mostWithoutSuccess = 16;

/** How often parts of a batch are tried before the rest is left to the next full sync: 5 s where a process is slow. */
const mostAttempts = 64;

/** How many changes are tried alone after that, so that each sync comes further. */
const mostLastAttempts = 16;

/**
 * The search for the changes that a node refuses. Halves them until single ones are left, so that one refusal among n
 * changes takes about log2(n) attempts. Large parts are tried first: where many changes are refused, most others are
 * made before the attempts are used up.
 */
export class RefusalSearch {
  readonly #node: NodeAccess;
  readonly #refused: Refusal[] = [];
  /** The keys of virtual servers that cannot be added. */
  readonly #refusedServers = new Set<string>();
  #hasSuccess: boolean;

  /** @param hasSuccess true if the node is known to accept changes of this kind */
  constructor(node: NodeAccess, hasSuccess: boolean) {
    this.#node = node;
    this.#hasSuccess = hasSuccess;
  }

  get refused(): readonly Refusal[] {
    return this.#refused;
  }

  /** Notes changes that are known to be refused, with what the tool said of each. */
  note(changes: readonly Change[], words: ReadonlyMap<Change, string>): void {
    for (const change of changes)
      if (!this.#isInRefused(change)) this.#note(refusalOf(change, wordOf(change, words.get(change) ?? '')));
  }

  /** Tries changes, in the order in which they depend on each other. */
  async run(changes: readonly Change[]): Promise<void> {
    const shared = changes.filter(change => !isSeparate(change));
    const separate = changes.filter(isSeparate);
    await this.#halve(shared.filter(change => !isRemoval(change)));
    // ipvsadm refuses a real server whose virtual server is not there yet.
    await this.#halve(
      separate.filter(change => !isRealServer(change)),
      mostAttempts,
    );
    await this.#halve(separate.filter(isRealServer), mostAttempts);
    await this.#halve(shared.filter(isRemoval));
  }

  async #halve(changes: readonly Change[], attempts = Number.POSITIVE_INFINITY): Promise<void> {
    const queue = halvesOf(changes);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const part = queue.shift();
      if (part === undefined) return;
      queue.push(...halvesOf(await this.#refusedIn(part)));
    }
    await this.#leave(queue.flat());
  }

  /** Tries changes together, and returns those that are not made and may still be. */
  async #refusedIn(part: readonly Change[]): Promise<readonly Change[]> {
    const possible = part.filter(change => !this.#isInRefused(change));
    const [change] = possible;
    if (change === undefined) return [];
    if (possible.length === 1) {
      await this.#single(change);
      return [];
    }
    if (await this.#isAccepted(possible)) {
      this.#hasSuccess = true;
      return [];
    }
    const { missing } = await compareWith(this.#node, possible);
    if (missing.length < possible.length) this.#hasSuccess = true;
    return missing;
  }

  /** Leaves changes to the next full sync, all but a few of them. */
  async #leave(changes: readonly Change[]): Promise<void> {
    for (const change of changes.slice(0, mostLastAttempts)) await this.#single(change);
    const example = this.#refused.at(-1)?.word;
    const word = `the node refuses many others, and this one waits for the next full sync; one of them is ${example}`;
    for (const change of changes.slice(mostLastAttempts))
      this.#refused.push({ ...refusalOf(change, word), isUntried: true });
  }

  async #single(change: Change): Promise<void> {
    for (const step of kindOf(subjectOf(change)).steps(change)) {
      const result = await runStep(this.#node, step);
      if (result.exitCode === 0) continue;
      // Somebody else may have made the change meanwhile.
      if ((await compareWith(this.#node, [change])).missing.length === 0) break;
      return this.#note(refusalOf(change, commandWord(step.command.argv, result.stderr)));
    }
    this.#hasSuccess = true;
  }

  #note(refusal: Refusal): void {
    const { change } = refusal;
    if (!isSeparate(change)) throw refusalError(refusal, '', 'Elements of many Services need it.');
    this.#refused.push(refusal);
    if (change.verb === 'add' && change.after.kind === 'virtual-server') this.#refusedServers.add(refusal.key);
    if (!this.#hasSuccess && this.#refused.length >= mostWithoutSuccess)
      throw refusalError(refusal, '', `${this.#refused.length} changes of this kind were tried, and all were refused.`);
  }

  async #isAccepted(changes: readonly Change[]): Promise<boolean> {
    for (const { step } of batches(changes)) if (isFailed(step, await runStep(this.#node, step))) return false;
    return true;
  }

  /** A real server cannot be added to a virtual server that was refused. */
  #isInRefused(change: Change): boolean {
    const subject = subjectOf(change);
    return subject.kind === 'real-server' && this.#refusedServers.has(virtualServerKey(subject.server));
  }
}

const isRealServer = (change: Change): boolean => subjectOf(change).kind === 'real-server';

function halvesOf(changes: readonly Change[]): (readonly Change[])[] {
  const middle = Math.ceil(changes.length / 2);
  return [changes.slice(0, middle), changes.slice(middle)].filter(({ length }) => length > 0);
}

/** An entry that a temporary set does not take would not be taken by the set that it replaces either. */
function refusalOf(change: Change, word: string): Refusal {
  const set = change.verb === 'add' && change.after.kind === 'entry' ? replacedSet(change.after.set) : undefined;
  const about = set === undefined ? change : ({ ...change, after: { ...subjectOf(change), set } } as Change);
  return { key: keyOf(subjectOf(about)), change: about, word };
}

/** Returns the command that makes the change alone, and what the tool said of its line in a batch. */
function wordOf(change: Change, said: string): string {
  const [step] = kindOf(subjectOf(change)).steps(change);
  return commandWord(step?.command.argv ?? [], said);
}

const commandWord = (argv: readonly string[], stderr: string): string =>
  `${argv.join(' ')}: ${stderr.trim().replace(/\s*\n\s*/g, '; ') || 'it failed without a word'}`;
