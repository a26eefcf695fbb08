import type { Sandbox } from '../../sandbox/sandbox.js';
import type { Lab, LabCommand } from './lab.js';
import { observeMachines } from './observe-machines.js';
import { onlyLooks } from './only-looks.js';
import { openMachineShell } from './open-machine-shell.js';
import { openMachines } from './open-machines.js';
import { observationOf, type RawObservation } from './raw-observation.js';
import { requireLessonPrograms } from './requirements.js';
import { runLine } from './run-line.js';
import { watchYuanying } from './yuanying-watch.js';

/** A lab on a kernel of its own. */
export interface LiveLab extends Lab {
  /** Reads what `observe` parses. */
  observeRaw(): Promise<RawObservation>;
}

/**
 * Boots the machines of the lesson. They end with `close()`, and also if this process ends in any way.
 * @throws KproxyError sandbox-unavailable if this machine cannot run them, sandbox-failed if they do not start
 */
export async function openLab(): Promise<LiveLab> {
  requireLessonPrograms();
  let sandbox = await openMachines();
  let isClosed = false;
  const { stdout: release } = await sandbox.run(['uname', '-r']);
  let watch = watchYuanying();
  const observeRaw = async () => {
    const observation = await observeMachines(sandbox, watch.known());
    watch.observed(observation);
    return observation;
  };
  // A lesson that goes on at a later step needs no second boot.
  let isUsed = false;
  async function renew(): Promise<void> {
    const old = sandbox;
    const renewed = await openMachines();
    if (isClosed) return renewed.close();
    sandbox = renewed;
    watch = watchYuanying();
    await old.close();
  }
  return {
    isRecorded: false,
    release: release.trim(),
    run(machine, line, options) {
      isUsed = true;
      watch.line(machine, line);
      return runLine(sandbox, machine, line, options);
    },
    observeRaw,
    observe: async () => observationOf(await observeRaw()),
    openShell(machine, options) {
      isUsed = true;
      watch.shell();
      return openMachineShell(sandbox, machine, options);
    },
    async restart(commands, signal) {
      if (isUsed) await renew();
      isUsed = true;
      if (!isClosed) await repeat(sandbox, commands, signal);
    },
    async close() {
      isClosed = true;
      await sandbox.close();
    },
  };
}

/** Runs the commands that change something. */
async function repeat(sandbox: Sandbox, commands: readonly LabCommand[], signal?: AbortSignal): Promise<void> {
  for (const { on, command } of commands) {
    if (signal?.aborted) return;
    if (!onlyLooks(command)) await runLine(sandbox, on, command, signal && { signal });
  }
}
