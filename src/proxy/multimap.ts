import { eachInParts, fewElements, type InParts } from '../breath.js';

/** Most keys have one value, and an array for each would be a tenth of a node's memory. */
type Slot<Value> = Value | Value[];

const isList = <Value>(slot: Slot<Value>): slot is Value[] => Array.isArray(slot);

/** Several values for each key, sorted. Values of equal order stay in the order in which they were added. */
export class SortedMultimap<Value extends object> {
  readonly #slots = new Map<string, Slot<Value>>();
  readonly #orderOf: (value: Value) => string;

  constructor(orderOf: (value: Value) => string) {
    this.#orderOf = orderOf;
  }

  first(key: string): Value | undefined {
    const slot = this.#slots.get(key);
    return slot !== undefined && isList(slot) ? slot[0] : slot;
  }

  all(key: string): readonly Value[] {
    const slot = this.#slots.get(key);
    if (slot === undefined) return [];
    return isList(slot) ? slot : [slot];
  }

  /** Returns the key's first value that the predicate accepts. */
  find(key: string, accepts: (value: Value) => boolean): Value | undefined {
    const slot = this.#slots.get(key);
    return slot === undefined ? undefined : firstIn(slot, accepts);
  }

  /** Visits the first value of each key that the predicate accepts. */
  forEachFirst(accepts: (value: Value) => boolean, visit: (value: Value, key: string) => void): void {
    this.#slots.forEach((slot, key) => {
      const value = firstIn(slot, accepts);
      if (value !== undefined) visit(value, key);
    });
  }

  /** Does the same and yields in between. */
  *visitFirstInParts(accepts: (value: Value) => boolean, visit: (value: Value, key: string) => void): InParts<void> {
    if (this.#slots.size <= fewElements) return this.forEachFirst(accepts, visit);
    yield* eachInParts(this.#slots, ([key, slot]) => {
      const value = firstIn(slot, accepts);
      if (value !== undefined) visit(value, key);
    });
  }

  isShared(key: string): boolean {
    return Array.isArray(this.#slots.get(key));
  }

  /** Looks at the last place first, because a Service with many source ranges has as many values with one key. */
  add(key: string, value: Value): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) {
      this.#slots.set(key, value);
      return;
    }
    const values = isList(slot) ? slot : [slot];
    this.#slots.set(key, values);
    const order = this.#orderOf(value);
    const isLast = this.#orderOf(values.at(-1) as Value) <= order;
    values.splice(isLast ? values.length : values.findIndex(other => this.#orderOf(other) > order), 0, value);
  }

  remove(key: string, removed: ReadonlySet<Value>): void {
    const [first, ...others] = this.all(key).filter(value => !removed.has(value));
    if (first === undefined) this.#slots.delete(key);
    else this.#slots.set(key, others.length === 0 ? first : [first, ...others]);
  }
}

function firstIn<Value extends object>(slot: Slot<Value>, accepts: (value: Value) => boolean): Value | undefined {
  if (isList(slot)) return slot.find(accepts);
  return accepts(slot) ? slot : undefined;
}
