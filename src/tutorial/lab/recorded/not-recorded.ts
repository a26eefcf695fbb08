import type { Machine } from '../../machines.js';

/** Thrown by a recorded lab for lines that are no command of the lesson, and for a shell: there is no kernel to ask. */
export class NotRecordedError extends Error {
  override readonly name = 'NotRecordedError';

  constructor(machine: Machine, line: string) {
    super(`no kernel is here to answer on ${machine}: ${line}`);
  }
}
