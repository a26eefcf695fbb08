import type { Machine, Worker } from '../machines.js';
import { kernelAnswerOf } from '../observe/kernel-answer.js';
import type { Observation } from '../observe/observed.js';
import type { WorkerTexts } from '../observe/worker-texts.js';
import type { PlainObject } from '../plain-object.js';

/** An observation before it is parsed, as plain data. */
export interface RawObservation {
  readonly workers: Readonly<Record<Worker, WorkerTexts>>;
  /** By `KIND/NAME`, in lower case. */
  readonly objects: Readonly<Record<string, PlainObject>>;
  readonly rootShells: readonly Machine[];
}

/**
 * Parses an observation.
 * @throws SyntaxError or ZodError if a text is not the tool's
 */
export const observationOf = ({ workers, objects, rootShells }: RawObservation): Observation => ({
  workers: { inajob: kernelAnswerOf(workers.inajob), yuanying: kernelAnswerOf(workers.yuanying) },
  objects: new Map(Object.entries(objects)),
  rootShells: new Set(rootShells),
});
