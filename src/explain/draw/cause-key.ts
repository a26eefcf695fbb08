import type { Cause } from '../explanation.js';

/** Returns a key that causes share if they read alike. What they are blamed on may differ, such as in an address. */
export const causeKey = ({ summary, why, commands, nearMisses }: Cause): string =>
  JSON.stringify([summary, why, commands, nearMisses]);
