import { messageOf } from '../../../errors.js';
import { type Machine, machines } from '../../machines.js';
import { machineNamed } from '../intent.js';
import { stay } from '../places/place.js';
import { markChanged, observe, type Session } from '../session.js';
import type { KeyAction } from './key.js';

/** Opens a shell on the machine that is named, or on that of the step. Then shows what it moved. */
export const openShell: KeyAction = async (session, place, name) => {
  const { stage, page, texts } = session;
  const machine = name === '' ? (place.machine ?? session.machine) : machineNamed(name);
  if (stage.lab.isRecorded) page.line('recorded', texts.recorded.noShell);
  else if (machine === undefined) page.line('note', texts.task.unknownMachine({ name, machines }));
  else await visit(session, machine);
  return stay;
};

async function visit(session: Session, machine: Machine): Promise<void> {
  const { stage, page, texts } = session;
  const before = await observe(session);
  page.line('note', texts.shell.opens(machine));
  session.machine = machine;
  markChanged(session);
  try {
    await stage.learner.handOver(() => stage.attachShell(machine));
    page.line('note', texts.shell.ended);
  } catch (error) {
    page.line('error', texts.shell.failed(messageOf(error)));
  }
  const movements = stage.judge.movements(before, await observe(session));
  if (movements.length > 0) page.moved(texts.task.moved, movements);
}
