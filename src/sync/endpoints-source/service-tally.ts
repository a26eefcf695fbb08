import type { ServiceCounts } from './source-state.js';

/** Names of Services, counted by whether they have a selector. Counting does not visit each of ten thousand. */
export class ServiceTally {
  readonly #withSelector = new Set<string>();
  readonly #others = new Set<string>();

  /** @param service `namespace/name` */
  add(service: string, hasSelector: boolean): void {
    this.remove(service);
    (hasSelector ? this.#withSelector : this.#others).add(service);
  }

  remove(service: string): void {
    this.#withSelector.delete(service);
    this.#others.delete(service);
  }

  has(service: string): boolean {
    return this.#withSelector.has(service) || this.#others.has(service);
  }

  counts(): ServiceCounts {
    return { withSelector: this.#withSelector.size, others: this.#others.size };
  }

  /** Returns the names of the Services without a selector. */
  others(): readonly string[] {
    return [...this.#others];
  }
}
