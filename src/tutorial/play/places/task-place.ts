import type { Exercise, Task } from '../../lesson/step.js';
import type { Machine } from '../../machines.js';
import { runLine } from '../run-line.js';
import { observe, type Session } from '../session.js';
import { type Outcome, on, type Place, stay } from './place.js';

/** A command to run, until its check passes. */
export const taskPlace = (exercise: Exercise, index: number, task: Task): Place => ({
  enter: 'run',
  keys: ['shell', 'hint', 'why', 'back', 'skip', 'reset', 'list', 'language', 'help', 'quit'],
  machine: task.on,
  task: index,
  openTasksFrom: index,
  isQuestion: false,
  async show(session) {
    const { page, texts, language } = session;
    page.paragraphs(exercise.texts[language].tasks[index]?.before ?? []);
    page.command(task.on, isRoot(session, task.on), task.command);
    if (missingNow(session, task) === undefined) {
      page.line('done', texts.task.doneBefore);
      return on;
    }
    if (!session.stage.learner.isAutomatic && !session.stage.lab.isRecorded && isFirstTask(session, index))
      page.line('note', texts.task.runOrType);
    return stay;
  },
  async press(session) {
    if (!session.stage.learner.isAutomatic && (await isDoneMeanwhile(session, task))) return on;
    // Several lines are still on the screen. A single one is repeated, so that its output follows it.
    const isRepeated = !session.stage.learner.isAutomatic && !task.command.includes('\n');
    if (isRepeated) session.page.command(task.on, isRoot(session, task.on), task.command);
    return runSuggested(session, task);
  },
  async take(session, text, machine) {
    if (isSuggested(task, text, machine)) return runSuggested(session, task);
    if (session.stage.lab.isRecorded) {
      session.page.line('recorded', session.texts.recorded.noTyping);
      return stay;
    }
    return runVariant(session, task, machine ?? task.on, text);
  },
});

export const isRoot = ({ observed }: Session, machine: Machine): boolean => observed.rootShells.has(machine);

/** The line at the foot has no room to say that a command can also be typed. */
const isFirstTask = ({ stage, at }: Session, index: number): boolean =>
  index === 0 && stage.route.find(({ step }) => step.kind === 'exercise') === at;

const isSuggested = (task: Task, text: string, machine: Machine | undefined): boolean =>
  text.trim() === task.command.trim() && (machine ?? task.on) === task.on;

/** Returns what the check of a task lacks, by the last answers of the kernels. */
export function missingNow({ stage, observed, said, language }: Session, task: Task): string | undefined {
  return stage.judge.missingOf(task.check, { ...observed, said })?.[language];
}

/** Another terminal may have done the task. */
async function isDoneMeanwhile(session: Session, task: Task): Promise<boolean> {
  await observe(session);
  if (missingNow(session, task) !== undefined) return false;
  session.page.line('done', session.texts.task.doneBefore);
  return true;
}

async function runSuggested(session: Session, task: Task): Promise<Outcome> {
  const { page, texts } = session;
  const { exitCode } = await runLine(session, task.on, task.command);
  const expected = task.exitCode ?? 0;
  const wrongExit = exitCode === expected ? undefined : texts.task.unexpectedExit({ code: exitCode, expected });
  if (wrongExit !== undefined) page.line('error', wrongExit);
  return judged(session, task, wrongExit);
}

async function runVariant(session: Session, task: Task, machine: Machine, text: string): Promise<Outcome> {
  const { exitCode } = await runLine(session, machine, text);
  if (exitCode !== 0) session.page.line('note', session.texts.task.exit(exitCode));
  return judged(session, task, undefined);
}

function judged(session: Session, task: Task, wrongExit: string | undefined): Outcome {
  const { page, texts, stage } = session;
  const missing = missingNow(session, task);
  if (missing === undefined) page.line('done', texts.task.done);
  else page.line('missing', missing);
  const problem = missing ?? wrongExit;
  if (stage.learner.isAutomatic && problem !== undefined)
    return { kind: 'stop', problem: `${task.on}$ ${task.command}: ${problem}` };
  return missing === undefined ? on : stay;
}
