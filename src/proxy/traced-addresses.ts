import type { InvalidObject } from '../cluster/cluster.js';
import { namespacedName } from '../cluster/names.js';
import { portText, type ServiceTraces } from '../cluster/service-traces.js';
import type { VirtualServerAddress } from '../node/element.js';

/** An object that may be a Service and cannot be used. */
interface TracedObject {
  /** `namespace/name`. */
  readonly service: string;
  readonly traces: ServiceTraces;
}

/** The cluster IPs and load balancer addresses that unusable objects still say they have. There are rarely any. */
export class TracedAddresses {
  #objects: readonly InvalidObject[] = [];
  readonly #byAddress = new Map<string, TracedObject[]>();

  /** @returns the addresses of objects that are new, or gone */
  replace(objects: readonly InvalidObject[]): readonly string[] {
    const before = this.#objects;
    if (before.length + objects.length === 0) return [];
    const [known, present] = [new Set(before), new Set(objects)];
    const changed = [...before.filter(one => !present.has(one)), ...objects.filter(one => !known.has(one))];
    if (changed.length === 0) return [];
    this.#objects = objects;
    this.#byAddress.clear();
    for (const object of objects) this.#insert(object);
    return changed.flatMap(addressesOf);
  }

  /** Returns true if an object has the address, whatever for. */
  has(address: string): boolean {
    return this.#byAddress.has(address);
  }

  /** Returns the objects that have an address as a cluster IP, by `namespace/name`. */
  clusterIpOf(address: string): readonly string[] {
    return this.#find(address, ({ heldClusterIps }) => heldClusterIps.has(address));
  }

  /** Returns the objects that have an address and port as a load balancer, by `namespace/name`. */
  balancedBy({ protocol, address, port }: VirtualServerAddress): readonly string[] {
    return this.#find(
      address,
      ({ heldLoadBalancerIps, readablePorts }) =>
        heldLoadBalancerIps.has(address) && readablePorts.has(portText(protocol, port)),
    );
  }

  #find(address: string, accepts: (traces: ServiceTraces) => boolean): readonly string[] {
    const all = this.#byAddress.get(address);
    return all === undefined ? [] : all.filter(({ traces }) => accepts(traces)).map(({ service }) => service);
  }

  #insert(object: InvalidObject): void {
    const { traces } = object;
    if (traces === undefined) return;
    const traced = { service: namespacedName(object), traces };
    for (const address of addressesOf(object)) {
      const known = this.#byAddress.get(address);
      if (known === undefined) this.#byAddress.set(address, [traced]);
      else known.push(traced);
    }
  }
}

const addressesOf = ({ traces }: InvalidObject): readonly string[] =>
  traces === undefined ? [] : [...new Set([...traces.heldClusterIps, ...traces.heldLoadBalancerIps])];
