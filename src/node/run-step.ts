import type { CommandResult, NodeAccess } from './access.js';
import type { Step } from './command.js';

const nothingToDo: CommandResult = { stdout: '', stderr: '', exitCode: 0 };

/**
 * Returns true for a step that raises a limit which is high enough by now: a module that an earlier step has loaded
 * brings limits of its own.
 */
export const isSatisfied = async (node: NodeAccess, { raises }: Step): Promise<boolean> =>
  raises !== undefined && Number(await node.readFile(raises.path)) >= raises.to;

/** Runs a step's command, unless it would lower a limit. */
export const runStep = async (node: NodeAccess, step: Step): Promise<CommandResult> =>
  (await isSatisfied(node, step)) ? nothingToDo : node.run(step.command);
