import type { Kubectl } from '../../cluster/kubectl-command.js';
import { type NodeAddresses, readNodeAddresses, unknownNodes } from '../../cluster/node-addresses.js';
import type { ClusterStore } from '../../cluster/store.js';
import { asksForAddresses } from '../../proxy/service-port.js';
import type { WatchObserver } from './observers.js';

/** In milliseconds. Following all Nodes would bring a heartbeat of each every few minutes. */
const leastPause = 600_000;

/**
 * Asks for the addresses of all Nodes after a full sync, if a Service asks for an address that may be one of them. The
 * next full sync takes them into account.
 * @param onTrouble gets a line if they cannot be read, once
 */
export function knowOtherNodes(
  kubectl: Kubectl,
  onTrouble: (line: string) => void,
  now: () => number = () => performance.now(),
): WatchObserver {
  let nextAt = Number.NEGATIVE_INFINITY;
  let isInTrouble = false;

  async function ask(store: ClusterStore): Promise<void> {
    try {
      const found = await readNodeAddresses(kubectl);
      if (!isSame(found, store.nodeAddresses)) store.nodeAddresses = found;
      isInTrouble = false;
    } catch (error) {
      if (!isInTrouble) onTrouble(unknownNodes(error));
      isInTrouble = true;
    }
  }

  return {
    onSynced: ({ isWhole }, store) => {
      if (!isWhole || now() < nextAt || !asksForAddresses(store.objects('Service').values())) return;
      nextAt = now() + leastPause;
      void ask(store);
    },
  };
}

const isSame = (one: NodeAddresses, other: NodeAddresses = new Map()): boolean =>
  one.size === other.size && [...one].every(([address, name]) => other.get(address) === name);
