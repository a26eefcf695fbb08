import type { NodeAccess } from '../../../src/node/access.js';
import type { CommandOptions, Sandbox } from '../../../src/sandbox/sandbox.js';

/** Returns the access to a machine of the sandbox, or to the guest itself. Each file is read by a process. */
export function sandboxNode(sandbox: Sandbox, options: CommandOptions = {}): NodeAccess {
  const isTrue = async (...test: readonly string[]) => (await sandbox.run(['test', ...test], options)).exitCode === 0;
  return {
    run: ({ argv, input }) => sandbox.run(argv, { ...options, ...(input === undefined ? {} : { input }) }),
    readFile: async path => {
      if (!(await isTrue('-e', path))) return undefined;
      const { stdout, stderr, exitCode } = await sandbox.run(['cat', path], options);
      if (exitCode !== 0) throw new Error(stderr);
      return stdout;
    },
    isReadOnly: async path => {
      const { stdout } = await sandbox.run(['stat', '-c', '%a', path], options);
      return stdout.trim() === '444';
    },
  };
}
