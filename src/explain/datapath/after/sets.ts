import type { Change } from '../../../node/change.js';
import type { MatchSet, SetEntry } from '../../../node/datapath/datapath.js';
import type { Entry, IpSet } from '../../../node/element.js';
import { Draft } from './draft.js';

/** The sets of ipset while changes are made to them. */
export class SetsDraft {
  readonly #sets: Draft<MatchSet>;
  readonly #entries = new Map<string, Draft<SetEntry>>();

  constructor(before: readonly MatchSet[]) {
    this.#sets = new Draft(before, ({ name }) => name);
  }

  /** A set that is recreated is empty. */
  set(change: Change<IpSet>): void {
    const { name, type, family } = change.verb === 'remove' ? change.before : change.after;
    this.#entries.delete(name);
    if (change.verb === 'remove') this.#sets.remove(name);
    else this.#sets.put({ name, type, family, entries: [] });
  }

  /** The kernel refuses entries of a set that does not exist. */
  entry(change: Change<Entry>): void {
    const { set, value } = change.verb === 'remove' ? change.before : change.after;
    const entries = this.#entriesOf(set);
    if (change.verb === 'remove') entries?.remove(value);
    else entries?.put(change.after.isException ? { value, isException: true } : { value });
  }

  result(): readonly MatchSet[] {
    for (const [name, draft] of this.#entries) {
      const set = this.#sets.get(name);
      const entries = draft.result();
      if (set !== undefined && entries !== set.entries) this.#sets.put({ ...set, entries });
    }
    return this.#sets.result();
  }

  #entriesOf(name: string): Draft<SetEntry> | undefined {
    const known = this.#entries.get(name);
    if (known !== undefined) return known;
    const set = this.#sets.get(name);
    if (set === undefined) return undefined;
    const draft = new Draft(set.entries, ({ value }) => value);
    this.#entries.set(name, draft);
    return draft;
  }
}
