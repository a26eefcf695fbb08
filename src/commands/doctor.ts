import type { Kubectl } from '../cluster/kubectl-command.js';
import { findingsOf } from '../doctor/checks/index.js';
import { readFacts } from '../doctor/read-facts.js';
import type { Surroundings } from '../doctor/surroundings.js';
import type { NodeAccess } from '../node/access.js';
import { doctorText } from '../output/doctor-text.js';
import { paintWith } from '../output/paint.js';
import { version } from '../version.js';
import { visibleTexts } from '../visible.js';
import type { Io } from './shared/io.js';
import type { CommandOutcome } from './shared/outcome.js';

export interface DoctorOptions {
  readonly nodeName: string;
  /** True if tools run through sudo. */
  readonly sudo: boolean;
  /** The node, read without sudo. */
  readonly nodeWithoutSudo: NodeAccess;
  readonly kubectl: Kubectl;
  readonly surroundings: Surroundings;
  readonly output: 'text' | 'json';
  readonly isColored: boolean;
}

/** Prints what this machine needs to serve Services, each with the command that fixes it. */
export async function runDoctor(
  { output, isColored, ...sources }: DoctorOptions,
  node: NodeAccess,
  io: Io,
): Promise<CommandOutcome> {
  const findings = visibleTexts(findingsOf(await readFacts({ ...sources, node })));
  const result = { version, node: sources.nodeName, findings };
  io.stdout(output === 'json' ? `${JSON.stringify(result, null, 2)}\n` : doctorText(findings, paintWith(isColored)));
  return findings.some(({ level }) => level === 'problem') ? 'differences' : 'done';
}
