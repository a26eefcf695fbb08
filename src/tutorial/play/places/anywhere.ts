import type { Machine } from '../../machines.js';
import { runLine } from '../run-line.js';
import type { Session } from '../session.js';
import { type Outcome, stay } from './place.js';

/** Runs a command that no task asks for. */
export async function typeAnywhere(session: Session, text: string, on: Machine | undefined): Promise<Outcome> {
  const { page, texts, stage } = session;
  if (on === undefined) page.line('note', texts.task.noMachine);
  else if (stage.lab.isRecorded) page.line('recorded', texts.recorded.noTyping);
  else {
    const { exitCode } = await runLine(session, on, text);
    if (exitCode !== 0) page.line('note', texts.task.exit(exitCode));
  }
  return stay;
}
