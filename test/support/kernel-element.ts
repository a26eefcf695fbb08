import type { Connections } from '../../src/node/actual-state.js';
import type { Element, Jumps, RealServer } from '../../src/node/element.js';

/** What only a kernel has beside an element, for states that a fake kernel is built from. */
interface KernelDetails {
  /** Rules of other software before the jumps. */
  readonly behind?: readonly string[];
  readonly connections?: Connections;
}

export const withConnections = (server: RealServer, active: number, inactive: number): RealServer & KernelDetails => ({
  ...server,
  connections: { active, inactive },
});

export const behindRules = (jumps: Jumps, ...behind: readonly string[]): Jumps & KernelDetails => ({
  ...jumps,
  behind,
});

export const detailsOf = (element: Element): KernelDetails => element as KernelDetails;
