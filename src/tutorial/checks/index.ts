import type { Missing, Observed } from '../observe/observed.js';
import { missingAddress } from './address.js';
import { missingChain } from './chain.js';
import type { AllOfCheck, Check } from './check.js';
import { missingConnections } from './connections.js';
import { missingEndpoints } from './endpoints.js';
import { missingEntry } from './entry.js';
import { missingLink } from './link.js';
import type { Judge } from './missing.js';
import { missingObject } from './object.js';
import { missingPolicy } from './policy.js';
import { withMachine } from './ran-elsewhere.js';
import { missingRealServer } from './real-server.js';
import { missingRootShell } from './root-shell.js';
import { missingRule } from './rule.js';
import { missingSet } from './set.js';
import { missingShown } from './shown.js';
import { missingSysctl } from './sysctl.js';
import { missingVirtualServer } from './virtual-server.js';

/**
 * Returns which part of a check is missing, or undefined if it passes. The reason is as precise as the observation
 * allows: it names the part that differs if something similar is there.
 */
export function missingOf(check: Check, observed: Observed): Missing | undefined {
  // The table has the function for this kind, which TypeScript cannot follow.
  const judge = judges[check.kind] as Judge<Check>;
  return judge(check, observed);
}

/** The first one that fails has the word. */
function missingOfAll({ checks }: AllOfCheck, observed: Observed): Missing | undefined {
  for (const check of checks) {
    const reason = missingOf(check, observed);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

type Judges = { readonly [Kind in Check['kind']]: Judge<Extract<Check, { readonly kind: Kind }>> };

const judges: Judges = {
  set: withMachine(missingSet),
  entry: withMachine(missingEntry),
  chain: withMachine(missingChain),
  rule: withMachine(missingRule),
  policy: withMachine(missingPolicy),
  link: withMachine(missingLink),
  address: withMachine(missingAddress),
  'virtual-server': withMachine(missingVirtualServer),
  'real-server': withMachine(missingRealServer),
  sysctl: withMachine(missingSysctl),
  object: missingObject,
  endpoints: missingEndpoints,
  'root-shell': missingRootShell,
  shown: missingShown,
  connections: missingConnections,
  'all-of': missingOfAll,
};
