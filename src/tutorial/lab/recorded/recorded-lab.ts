import type { Lab, LabCommand } from '../lab.js';
import { observationOf } from '../raw-observation.js';
import { NotRecordedError } from './not-recorded.js';
import { changedObservation } from './observation-change.js';
import type { RecordedAnswer, Recording } from './recording.js';

/**
 * Returns a lab that answers the lesson's commands as a kernel did when they were recorded. Commands may be left out:
 * the answer to one is then that after all commands before it. Everything else throws NotRecordedError.
 */
export function recordedLab({ release, beginning, answers }: Recording): Lab {
  let observation = beginning;
  /** The index of the answer that is next in the lesson. */
  let next = 0;
  const goTo = (position: number) => {
    const isAhead = position >= next;
    const between = answers.slice(isAhead ? next : 0, position);
    observation = between.reduce(
      (before, { moved }) => changedObservation(before, moved),
      isAhead ? observation : beginning,
    );
    next = position;
  };
  return {
    isRecorded: true,
    release,
    async run(machine, line, { onOutput } = {}) {
      const index = indexOf({ on: machine, command: line }, answers, next);
      const answer = answers[index];
      if (answer === undefined) throw new NotRecordedError(machine, line);
      goTo(index + 1);
      onOutput?.(answer.output.replaceAll('\n', '\r\n'));
      return { output: answer.output, exitCode: answer.exitCode, timedOut: false };
    },
    observe: async () => observationOf(observation),
    openShell(machine) {
      throw new NotRecordedError(machine, 'a shell');
    },
    async restart(commands) {
      goTo(commands.reduce((position, command) => 1 + Math.max(indexOf(command, answers, position), position - 1), 0));
    },
    async close() {},
  };
}

/** Returns the index of the next answer to a command, or else of the last one before, or -1. */
function indexOf({ on, command }: LabCommand, answers: readonly RecordedAnswer[], next: number): number {
  const isAnswer = (answer: RecordedAnswer) => answer.on === on && answer.command === command;
  const ahead = answers.findIndex((answer, index) => index >= next && isAnswer(answer));
  return ahead >= 0 ? ahead : answers.findLastIndex(isAnswer);
}
