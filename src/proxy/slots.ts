/** Most keys have one value, and an array for each would be a tenth of a node's memory. */
export type Slot<Value> = Value | Value[];

export const isList = <Value>(slot: Slot<Value>): slot is Value[] => Array.isArray(slot);
const listOf = <Value>(slot: Slot<Value> | undefined): readonly Value[] =>
  slot === undefined ? [] : isList(slot) ? slot : [slot];

/** Values by their keys, those of one key in their order, and of equal ones in the order in which they came. */
export class Slots<Value extends object> {
  readonly #slots = new Map<string, Slot<Value>>();
  readonly #orderOf: (value: Value) => string;

  constructor(orderOf: (value: Value) => string) {
    this.#orderOf = orderOf;
  }

  forEach(visit: (slot: Slot<Value>, key: string) => void): void {
    this.#slots.forEach(visit);
  }

  /** Those of the keys that are there, in the order in which they came. */
  keysIn(keys: ReadonlySet<string>): readonly string[] {
    return [...this.#slots.keys()].filter(key => keys.has(key));
  }

  get(key: string): Slot<Value> | undefined {
    return this.#slots.get(key);
  }

  first(key: string): Value | undefined {
    const slot = this.#slots.get(key);
    return slot !== undefined && isList(slot) ? slot[0] : slot;
  }

  all(key: string): readonly Value[] {
    return listOf(this.#slots.get(key));
  }

  isShared(key: string): boolean {
    return Array.isArray(this.#slots.get(key));
  }

  /** A Service with thousands of source ranges has as many values with one key: the last place is looked at first. */
  enter(key: string, value: Value): void {
    const known = this.#slots.get(key);
    if (known === undefined) {
      this.#slots.set(key, value);
      return;
    }
    const values = isList(known) ? known : [known];
    this.#slots.set(key, values);
    const order = this.#orderOf(value);
    const isLast = this.#orderOf(values.at(-1) as Value) <= order;
    values.splice(isLast ? values.length : values.findIndex(other => this.#orderOf(other) > order), 0, value);
  }

  leave(key: string, gone: ReadonlySet<Value>): void {
    const [first, ...others] = this.all(key).filter(value => !gone.has(value));
    if (first === undefined) this.#slots.delete(key);
    else this.#slots.set(key, others.length === 0 ? first : [first, ...others]);
  }
}
