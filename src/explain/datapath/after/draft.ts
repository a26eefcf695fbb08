/**
 * A list that is about to change. Items are found by their keys, keep their places, and the list itself is returned if
 * nothing changes, so that a datapath shares all parts that a change does not touch.
 */
export class Draft<Item> {
  readonly #before: readonly Item[];
  readonly #keyOf: (item: Item) => string;
  #items: Map<string, Item> | undefined;
  #isChanged = false;

  constructor(before: readonly Item[], keyOf: (item: Item) => string) {
    this.#before = before;
    this.#keyOf = keyOf;
  }

  get(key: string): Item | undefined {
    return this.#byKey().get(key);
  }

  /** Replaces the item with the same key, or adds the item at the end. */
  put(item: Item): void {
    this.#byKey().set(this.#keyOf(item), item);
    this.#isChanged = true;
  }

  /** Removes an item. Does nothing if there is none with the key. */
  remove(key: string): void {
    if (this.#byKey().delete(key)) this.#isChanged = true;
  }

  result(): readonly Item[] {
    return this.#isChanged ? [...this.#byKey().values()] : this.#before;
  }

  #byKey(): Map<string, Item> {
    this.#items ??= new Map(this.#before.map(item => [this.#keyOf(item), item]));
    return this.#items;
  }
}
