import type { CommandResult, NodeAccess } from './access.js';

/**
 * Returns a node on which each command and each file is read once, however often it is asked for. Two readings of one
 * node then agree with each other, and start no process twice. Commands with input are run each time.
 */
export function readOnce(node: NodeAccess): NodeAccess {
  const results = new Map<string, Promise<CommandResult>>();
  const files = new Map<string, Promise<string | undefined>>();
  return {
    ...node,
    run: command =>
      command.input === undefined
        ? remembered(results, command.argv.join('\0'), () => node.run(command))
        : node.run(command),
    readFile: path => remembered(files, path, () => node.readFile(path)),
  };
}

function remembered<Value>(known: Map<string, Promise<Value>>, key: string, read: () => Promise<Value>) {
  const started = known.get(key) ?? read();
  known.set(key, started);
  return started;
}
