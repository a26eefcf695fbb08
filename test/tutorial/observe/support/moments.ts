import { readFileSync } from 'node:fs';
import { kernelAnswerOf } from '../../../../src/tutorial/observe/kernel-answer.js';
import { movements } from '../../../../src/tutorial/observe/movements.js';
import type { KernelAnswer, Movement } from '../../../../src/tutorial/observe/observed.js';
import type { WorkerTexts } from '../../../../src/tutorial/observe/worker-texts.js';
import recorded from './moments.json' with { type: 'json' };

/** A command that was run on the tutorial's machines, and what the tools then printed about the kernel of inajob. */
export interface Moment {
  readonly on: string;
  readonly command: string;
  readonly texts: WorkerTexts;
}

export const nothing: WorkerTexts = { ipset: '', iptables: '', addresses: '[]', ipVs: '', stats: '', sysctls: '' };

/** The first moment is before any command. */
export const moments: readonly Moment[] = [...wholeMoments()];

/** A recorded moment has only the texts that differ from those before. */
function* wholeMoments(): Generator<Moment> {
  let before = nothing;
  for (const { on = '', command = '', texts } of recorded) {
    before = { ...before, ...texts } as WorkerTexts;
    yield { on, command, texts: before };
  }
}

/** Returns what moved on inajob. */
export const movedOnInajob = (before: KernelAnswer, after: KernelAnswer): readonly Movement[] =>
  movements(observation(before), observation(after));

const observation = (inajob: KernelAnswer) => ({
  workers: { inajob, yuanying: kernelAnswerOf(nothing) },
  objects: new Map(),
  rootShells: new Set<never>(),
});

/** Returns `+ inajob: sets: KUBE-CLUSTER-IP hash:ip,port`. */
export const movementText = ({ mark, where, before, after }: Movement): string =>
  `${mark} ${where}: ${[before, after].filter(text => text !== undefined).join(' => ')}`;

/** What moved after each command of the moments, reviewed by hand. */
export const reviewed = readFileSync(new URL('movements.txt', import.meta.url), 'utf8');

/** Returns a command and what moved after it, as the reviewed text has it. */
export const transcriptOf = (on: string, command: string, moved: readonly Movement[]): string =>
  [`$ ${on === 'inajob' ? '' : `${on}: `}${command}`, ...moved.map(movementText)].map(line => `${line}\n`).join('');
