import type { TargetKind } from '../target.js';
import { bystanders, setTarget } from './bystanders.js';
import { connmark } from './connmark.js';
import { mark } from './mark.js';
import { dnat, masquerade, redirect, snat } from './nat.js';
import { ct, notrack } from './untracked.js';
import { accept, drop, reject, returnTarget } from './verdicts.js';

const kinds: readonly TargetKind[] = [
  accept,
  drop,
  returnTarget,
  reject,
  mark,
  connmark,
  masquerade,
  snat,
  dnat,
  redirect,
  notrack,
  ct,
  setTarget,
  ...bystanders,
];

/** Every target that kproxy understands, by its name. */
export const targetKinds: ReadonlyMap<string, TargetKind> = new Map(kinds.map(kind => [kind.name, kind]));
