import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandResult, RunningCommand, Sandbox } from '../../../src/sandbox/sandbox.js';
import { kproxyProgram } from './kproxy.js';

const script = (name: string): string => fileURLToPath(new URL(`../../../scripts/${name}`, import.meta.url));

/** The folder for built programs, outside of the tree. */
const cache =
  process.env.KPROXY_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? '', '.cache'), 'kproxy');
const programs = join(cache, 'kubernetes-v1.37.2');
const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
/** Returns the path of a program of Kubernetes, or undefined if it is not built. */
export const builtProgram = (name: string): string | undefined => {
  const path = join(programs, name);
  return isProgram(path) ? path : undefined;
};
/** Returns the path of a program in PATH, or undefined. */
export const programInPath = (name: string): string | undefined =>
  (process.env.PATH ?? '')
    .split(':')
    .map(folder => join(folder, name))
    .find(isProgram);
const areBuilt = ['etcd', 'kube-apiserver', 'kubectl'].every(name => builtProgram(name) !== undefined);
const hasGo = programInPath('go') !== undefined;

/** True if a control plane can run here: its programs are built, or Go is installed to build them. */
export const canHaveControlPlane = areBuilt || hasGo;

/** The options of its sandbox: memory for an API server, and access to the programs. */
export const controlPlaneSandbox = { memoryMegabytes: 4096, visibleFolders: areBuilt ? [programs] : [dirname(cache)] };

/** The limit for building the programs once and starting them. */
export const controlPlaneMilliseconds = areBuilt ? 600_000 : 1_800_000;

/** The folder of the control plane's data, in the sandbox. */
const folder = '/tmp/control-plane';

/** A control plane on a machine of the sandbox. The other machines reach it through the network. */
export interface ControlPlane {
  /** Runs the real kubectl on the machine. */
  kubectl(argv: readonly string[], input?: string): Promise<CommandResult>;
  /** Runs kproxy on any machine, with the real kubectl. */
  kproxy(node: string, argv: readonly string[], input?: string): Promise<CommandResult>;
  /** Starts a kproxy that keeps running, as with --watch. */
  watch(node: string, argv: readonly string[]): RunningCommand;
  /** Runs a script with `sh -eu`, with kubectl in its PATH. */
  shell(text: string): Promise<CommandResult>;
  readonly process: RunningCommand;
}

/** The limit for the start alone: more than that of the script, which says what it waited for. */
const startMilliseconds = 500_000;

/** Starts a control plane. Resolves once it is ready. */
export async function startControlPlane(sandbox: Sandbox, machine: string, address: string): Promise<ControlPlane> {
  if (!areBuilt) execFileSync(script('build-kubernetes.sh'), { stdio: 'inherit' });
  const path = (await sandbox.run(['sh', '-c', 'printf %s "$PATH"'])).stdout;
  const env = { KPROXY_CACHE: cache, KUBECONFIG: `${folder}/kubeconfig`, PATH: `${programs}:${path}` };
  const running = sandbox.start([script('control-plane.sh'), folder, address], { namespace: machine, env });
  await running.untilOutput(/ready/, { timeoutMilliseconds: startMilliseconds }).catch((error: Error) => {
    throw new Error(`${error.message}\n${running.stderr()}`);
  });
  const run = (namespace: string, argv: readonly string[], input?: string) =>
    sandbox.run(argv, { namespace, env, ...(input === undefined ? {} : { input }) });
  return {
    process: running,
    kubectl: (argv, input) => run(machine, ['kubectl', ...argv], input),
    kproxy: (node, argv, input) =>
      run(node, [process.execPath, kproxyProgram, '--tool-path', programs, ...argv], input),
    watch: (node, argv) =>
      sandbox.start([process.execPath, kproxyProgram, '--tool-path', programs, ...argv], { namespace: node, env }),
    shell: text => run(machine, ['sh', '-eu'], text),
  };
}
