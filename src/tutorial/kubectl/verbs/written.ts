import { type Flag, optionalFlag, plainFlag, textFlag } from '../command/flags.js';
import type { Session } from '../command/session.js';
import { KubectlFailure } from '../failure.js';
import { type Kind, slashName } from '../objects/kinds.js';
import type { KubeObject } from '../objects/object.js';
import { printerOf } from '../show/output.js';

/** Flags of the commands that write objects. */
export const writeFlags: readonly Flag[] = [
  textFlag('filename', 'f'),
  textFlag('kustomize', 'k'),
  textFlag('output', 'o'),
  optionalFlag('dry-run'),
  plainFlag('recursive', 'R'),
  textFlag('field-manager'),
  plainFlag('show-managed-fields'),
];

/** An object after a command has written it, and what became of it: `created`. */
export interface Written {
  readonly kind: Kind;
  readonly object: KubeObject;
  readonly outcome: string;
}

export type DryRun = 'none' | 'client' | 'server';

/** @throws KubectlFailure if the value of `--dry-run` is unknown */
export function dryRunOf({ options }: Session): DryRun {
  const value = options.text('dry-run') ?? 'none';
  if (value === 'none' || value === 'client' || value === 'server') return value;
  // Without a value.
  if (value === 'true') return 'client';
  throw new KubectlFailure(`error: Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
}

const dryRunWords: Readonly<Record<DryRun, string>> = {
  none: '',
  client: ' (dry run)',
  server: ' (server dry run)',
};

/** Returns what prints a written object: a line about what became of it, or the object if `-o` wants it. */
export function writtenPrinter(session: Session): (written: Written) => string {
  const output = session.options.text('output') ?? '';
  const printer = printerOf(output === 'wide' ? '' : output);
  const suffix = dryRunWords[dryRunOf(session)];
  if (printer !== undefined) return ({ kind, object }) => printer([{ kind, object }], false);
  return ({ kind, object, outcome }) => `${slashName(kind, object.metadata.name)} ${outcome}${suffix}\n`;
}
