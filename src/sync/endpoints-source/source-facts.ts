import { isMadeByController } from '../../cluster/made-by-controller.js';
import { hasAddresses, serviceOfSlice } from '../../cluster/schema/endpoint-slice.js';
import type { ClusterStore, ObjectChange } from '../../cluster/store.js';
import { isServed } from '../coverage.js';
import { servicesTouchedBy } from '../touched.js';
import { hasReadyAddress, hasSelector } from './endpoints-source.js';
import { ServiceTally } from './service-tally.js';
import type { SourceFacts } from './source-state.js';

/** Computes what the next state depends on. Each change visits only the Services that it belongs to. */
export class SourceTracker {
  readonly #store: ClusterStore;
  readonly #unsliced = new ServiceTally();
  readonly #waiting = new ServiceTally();
  readonly #lost = new ServiceTally();
  /** The changes that removed the last slice of the lost Services, by Service. */
  readonly #removals = new Map<string, ObjectChange>();
  #controllerSlices = 0;

  constructor(store: ClusterStore) {
    this.#store = store;
  }

  /**
   * Reads what has changed in the store.
   * @param remembersLosses whether to remember Services that lose their last slice
   */
  apply(changes: readonly ObjectChange[], remembersLosses: boolean): void {
    const touched = servicesTouchedBy(changes);
    const before = new Set([...touched].filter(service => this.#unsliced.has(service)));
    for (const change of changes) this.#countSlice(change);
    for (const service of touched) this.#judge(service);
    if (!remembersLosses) return;
    for (const change of changes) {
      const service = change.kind === 'EndpointSlice' && change.before && serviceOfSlice(change.before);
      if (service && this.#unsliced.has(service) && !before.has(service)) this.#lose(service, change);
    }
  }

  facts(): Omit<SourceFacts, 'areListed' | 'endpoints'> {
    return {
      controllerSlices: this.#controllerSlices,
      unsliced: this.#unsliced.counts(),
      lost: this.#lost.counts(),
      waiting: this.#waiting.counts(),
    };
  }

  isUnsliced(service: string): boolean {
    return this.#unsliced.has(service);
  }

  /** Returns the Services without a selector that only an Endpoints object serves. */
  unmirrored(): readonly string[] {
    return this.#waiting.others();
  }

  /** Forgets which Services have lost their slices, and returns the changes by which they lost them. */
  forgetLosses(): readonly ObjectChange[] {
    const removals = [...this.#removals.values()];
    for (const service of this.#removals.keys()) this.#lost.remove(service);
    this.#removals.clear();
    return removals;
  }

  #countSlice(change: ObjectChange): void {
    if (change.kind !== 'EndpointSlice') return;
    if (change.before !== undefined && isMadeByController(change.before)) this.#controllerSlices -= 1;
    if (change.after !== undefined && isMadeByController(change.after)) this.#controllerSlices += 1;
  }

  #lose(service: string, change: ObjectChange): void {
    this.#lost.add(service, this.#selects(service));
    this.#removals.set(service, change);
  }

  #selects(name: string): boolean {
    const service = this.#store.objects('Service').get(name);
    return service !== undefined && hasSelector(service);
  }

  #judge(name: string): void {
    const service = this.#store.objects('Service').get(name);
    if (service === undefined || !isServed(service) || this.#store.slicesOf(name).some(hasAddresses)) {
      for (const tally of [this.#unsliced, this.#waiting, this.#lost]) tally.remove(name);
      this.#removals.delete(name);
      return;
    }
    this.#unsliced.add(name, hasSelector(service));
    const endpoints = this.#store.objects('Endpoints').get(name);
    if (endpoints !== undefined && hasReadyAddress(endpoints)) this.#waiting.add(name, hasSelector(service));
    else this.#waiting.remove(name);
  }
}
