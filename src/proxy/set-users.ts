import { keyOf } from '../node/kinds/index.js';
import { elementsOf } from '../node/state.js';
import type { Desired } from './desired.js';

/** Finds the Service ports that ask for entries of a set. */
export function setUsers({ state, reasons }: Desired): (set: string) => readonly string[] {
  const users = new Map<string, Set<string>>();
  for (const entry of elementsOf(state, 'entry')) {
    const known = users.get(entry.set) ?? new Set();
    users.set(entry.set, known);
    for (const { servicePort } of reasons.get(keyOf(entry)) ?? [])
      if (servicePort !== undefined) known.add(servicePort);
  }
  return set => [...(users.get(set) ?? [])];
}
