import { namespacedName } from './names.js';
import { type EndpointSlice, serviceOfSlice } from './schema/endpoint-slice.js';

interface SliceChange {
  readonly before: EndpointSlice | undefined;
  readonly after: EndpointSlice | undefined;
}

/** Finds the EndpointSlices of a Service without a scan of all slices. */
export class SliceIndex {
  readonly #byService = new Map<string, Map<string, EndpointSlice>>();

  replace({ before, after }: SliceChange): void {
    if (before !== undefined) this.#remove(before);
    if (after !== undefined) this.#add(after);
  }

  #add(slice: EndpointSlice): void {
    const service = serviceOfSlice(slice);
    if (service === undefined) return;
    const slices = this.#byService.get(service) ?? new Map<string, EndpointSlice>();
    this.#byService.set(service, slices.set(namespacedName(slice.metadata), slice));
  }

  #remove(slice: EndpointSlice): void {
    this.#byService.get(serviceOfSlice(slice) ?? '')?.delete(namespacedName(slice.metadata));
  }

  /** Returns the slices of each Service, by its `namespace/name`, as they are now. */
  all(): ReadonlyMap<string, readonly EndpointSlice[]> {
    return new Map(Array.from(this.#byService, ([service, slices]) => [service, [...slices.values()]]));
  }

  /** @param service the Service's `namespace/name` */
  of(service: string): readonly EndpointSlice[] {
    return [...(this.#byService.get(service)?.values() ?? [])];
  }
}
