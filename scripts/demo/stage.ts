import { buildNetwork } from '../../src/sandbox/network/build-network.js';
import { tutorialTopology } from '../../src/sandbox/network/tutorial-topology.js';
import { openSandbox } from '../../src/sandbox/open-sandbox.js';
import type { CommandResult, Sandbox } from '../../src/sandbox/sandbox.js';

/**
 * The tutorial's machines and Pods, with kproxy installed. The working directory has a folder `cluster` with the
 * cluster's objects.
 */
export interface Stage {
  readonly sandbox: Sandbox;
  /** Runs a line of `sh` on a machine or in a Pod. Its standard error is part of the output, as on a terminal. */
  run(machine: string, line: string): Promise<CommandResult>;
  close(): Promise<void>;
}

export interface StageOptions {
  /** The project's folder, with `dist` built. */
  readonly project: string;
}

const workingDirectory = '/tmp/demo';
/** The first folder of the guest's PATH. */
const programs = '/run/kproxy/bin';

/**
 * Boots a sandbox and builds the tutorial's network in it.
 * @throws KproxyError `sandbox-unavailable`, if packages of the sandbox are missing
 */
export async function openStage({ project }: StageOptions): Promise<Stage> {
  const sandbox = await openSandbox({ visibleFolders: [project] });
  try {
    await Promise.all([buildNetwork(sandbox, tutorialTopology), installKproxy(sandbox, project)]);
  } catch (error) {
    await sandbox.close();
    throw error;
  }
  return {
    sandbox,
    run: (machine, line) =>
      sandbox.run(['sh', '-c', `exec 2>&1\n${line}`], { namespace: machine, cwd: workingDirectory }),
    close: () => sandbox.close(),
  };
}

async function installKproxy(sandbox: Sandbox, project: string): Promise<void> {
  const script = 'mkdir -p "$1" && cp -R "$2/src/tutorial/cluster" "$1" && ln -sf "$2/dist/kproxy.js" "$3/kproxy"';
  const { exitCode, stderr } = await sandbox.run(['sh', '-c', script, 'sh', workingDirectory, project, programs]);
  if (exitCode !== 0) throw new Error(`kproxy could not be installed in the sandbox: ${stderr.trim()}`);
}
