import type { Machine, Worker } from '../../machines.js';
import type { WorkerTexts } from '../../observe/worker-texts.js';
import type { PlainObject } from '../../plain-object.js';
import type { LabCommand } from '../lab.js';
import type { RawObservation } from '../raw-observation.js';
import type { LineChanges } from './line-changes.js';

/** How the lesson went on a kernel once. Plain data: it is kept as JSON. */
export interface Recording {
  /** Of the kernel. */
  readonly release: string;
  readonly beginning: RawObservation;
  /** In the order of the lesson. */
  readonly answers: readonly RecordedAnswer[];
}

/** The answer to the command of a task. What was observed before it is what was observed after the previous one. */
export interface RecordedAnswer extends LabCommand {
  readonly step: string;
  /** Counted from 0 in its step. */
  readonly task: number;
  readonly output: string;
  readonly exitCode: number;
  readonly moved: ObservationChange;
}

/** What differs between two observations. */
export interface ObservationChange {
  readonly workers?: Readonly<Partial<Record<Worker, WorkerChange>>>;
  /** By `KIND/NAME`. Null if the object was removed. */
  readonly objects?: Readonly<Record<string, PlainObject | null>>;
  readonly rootShells?: readonly Machine[];
}

export type WorkerChange = Readonly<Partial<Record<keyof WorkerTexts, LineChanges>>>;
