import type { CommandResult, NodeAccess } from './access.js';
import type { Step } from './command.js';

const nothingToDo: CommandResult = { stdout: '', stderr: '', exitCode: 0 };

/**
 * Runs a step's command. A limit that the node has raised since it was read is left as it is: a module that an earlier
 * step has loaded brings limits of its own.
 */
export async function runStep(node: NodeAccess, { command, raises }: Step): Promise<CommandResult> {
  if (raises !== undefined && Number(await node.readFile(raises.path)) >= raises.to) return nothingToDo;
  return node.run(command);
}
