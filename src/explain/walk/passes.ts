import type { Hook, Way } from '../trace/trace.js';

/** Some of a hook's tables, in the kernel's order. */
export interface Pass {
  readonly hook: Hook;
  readonly way: Way;
  readonly tables: readonly ('raw' | 'mangle' | 'nat' | 'filter' | 'security')[];
  /** True if the packet has passed other tables of the hook before, whose step shows its ends. */
  readonly isRest?: boolean;
  /** The gateway that the packet is sent to, or its destination. Undefined before routing. */
  readonly nextHop?: string | undefined;
  /** False if conntrack sees the packet only after the table raw of this hook. */
  readonly isTracked?: boolean;
}

type Tables = Pass['tables'];

/** Returns the pass of a request. */
export const there = (hook: Hook, ...tables: Tables): Pass => ({ hook, way: 'there', tables });

/** Returns the pass of an answer. */
export const back = (hook: Hook, ...tables: Tables): Pass => ({ hook, way: 'back', tables });

/** Returns the pass of a packet that conntrack knows before the hook. */
export const tracked = (pass: Pass): Pass => ({ ...pass, isTracked: true });

/** Returns the pass of the tables that a packet meets after IPVS, or after a change of its addresses. */
export const rest = (pass: Pass): Pass => ({ ...pass, isTracked: true, isRest: true });
