import type { Ran, RunOptions } from '../lab/lab.js';
import { NotRecordedError } from '../lab/recorded/not-recorded.js';
import type { Machine } from '../machines.js';
import { watchForFullScreen } from './full-screen.js';
import { markChanged, observe, type Session } from './session.js';

/** After this time the learner is told how to interrupt a command. */
const patienceMilliseconds = 10_000;

interface RunLineOptions {
  /** False to leave out what moved. */
  readonly showsMovements: boolean;
}

/**
 * Runs a line on a machine. Shows its output, how it ended unless that was normal, and what it moved in the kernels and
 * the cluster.
 */
export async function runLine(
  session: Session,
  machine: Machine,
  line: string,
  { showsMovements }: RunLineOptions = { showsMovements: true },
): Promise<Ran> {
  const { stage, page, texts } = session;
  // Another terminal may have changed the machines while the learner was reading.
  const before = stage.learner.isAutomatic ? session.observed : await observe(session);
  markChanged(session);
  session.machine = machine;
  if (stage.lab.isRecorded) page.line('recorded', texts.recorded.mark);
  const ran = await runOnLab(session, machine, line);
  session.said.push({ on: machine, line, output: ran.output, exitCode: ran.exitCode });
  const movements = stage.judge.movements(before, await observe(session));
  if (showsMovements && movements.length > 0) page.moved(texts.task.moved, movements);
  return ran;
}

function runOnLab(session: Session, machine: Machine, line: string): Promise<Ran> {
  const { stage, page, texts } = session;
  return stage.learner.whileBusy(async signal => {
    const impatient = setTimeout(() => page.line('note', texts.task.stillRunning), patienceMilliseconds);
    if (stage.learner.isAutomatic) clearTimeout(impatient);
    const fullScreen = watchForFullScreen();
    const onOutput = (text: string) => {
      fullScreen.see(text);
      page.output(text);
    };
    try {
      const ran = await runOrSayWhyNot(session, machine, line, {
        ...stage.terminal(),
        signal: AbortSignal.any([signal, fullScreen.signal]),
        onOutput,
      });
      page.endOutput();
      if (fullScreen.signal.aborted) page.line('note', texts.task.wantsTerminal);
      else if (signal.aborted) page.line('note', texts.task.interrupted);
      else if (ran.timedOut) page.line('error', texts.task.timedOut);
      return ran;
    } finally {
      clearTimeout(impatient);
      fullScreen.end();
    }
  });
}

/** A command of the lesson lacks a recorded answer only if the recording is older than the command. */
async function runOrSayWhyNot(
  { stage, page }: Session,
  machine: Machine,
  line: string,
  options: RunOptions,
): Promise<Ran> {
  try {
    return await stage.lab.run(machine, line, options);
  } catch (error) {
    if (!(error instanceof NotRecordedError)) throw error;
    page.line('error', error.message);
    return { output: '', exitCode: 127, timedOut: false };
  }
}
