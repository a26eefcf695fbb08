import type { Ran } from '../lab/lab.js';
import type { Machine } from '../machines.js';
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

function runOnLab({ stage, page, texts }: Session, machine: Machine, line: string): Promise<Ran> {
  return stage.learner.whileBusy(async signal => {
    const impatient = setTimeout(() => page.line('note', texts.task.stillRunning), patienceMilliseconds);
    if (stage.learner.isAutomatic) clearTimeout(impatient);
    try {
      const ran = await stage.lab.run(machine, line, { ...stage.terminal(), signal, onOutput: page.output });
      page.endOutput();
      if (signal.aborted) page.line('note', texts.task.interrupted);
      else if (ran.timedOut) page.line('error', texts.task.timedOut);
      return ran;
    } finally {
      clearTimeout(impatient);
    }
  });
}
