import type { Task } from '../../lesson/step.js';
import { isRoot, missingNow } from '../places/task-place.js';
import { tasksOf } from '../route.js';
import { runLine } from '../run-line.js';
import type { Session } from '../session.js';
import type { KeyAction } from './key.js';

/**
 * Runs the rest of the step, so that the next one finds what it needs. If that fails, because the learner left the
 * machines in another state, they are restored for the next step.
 */
export const skip: KeyAction = async (session, { openTasksFrom }) => {
  const { at, page, texts } = session;
  const open = tasksOf(at.step).slice(openTasksFrom);
  if (open.length === 0) return { kind: 'next' };
  page.line('note', texts.moves.skipping);
  for (const task of open) await runOpen(session, task);
  if (!session.stage.lab.isRecorded && open.some(task => missingNow(session, task) !== undefined)) {
    page.line('note', texts.moves.skipFailed);
    return { kind: 'go', index: at.index + 1, mustRestore: true };
  }
  return { kind: 'next' };
};

async function runOpen(session: Session, task: Task): Promise<void> {
  if (missingNow(session, task) === undefined) return;
  session.page.command(task.on, isRoot(session, task.on), task.command);
  await runLine(session, task.on, task.command, { showsMovements: false });
}
