import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { builtProgram } from './control-plane.js';

const script = fileURLToPath(new URL('../../../scripts/control-plane.sh', import.meta.url));
/** How long the start may take, in milliseconds: more than the limit of the script, which says what it waited for. */
const startLimit = 500_000;
const policy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted'],
  rules: [{ level: 'Metadata' }],
};

interface AuditedRequest {
  readonly requestURI: string;
  readonly userAgent: string;
  readonly user: { readonly username: string };
  readonly impersonatedUser?: { readonly username: string };
  readonly responseStatus?: { readonly code: number };
}

/** A real API server on a port of this machine, without a sandbox. */
export interface HostControlPlane {
  /** Runs kubectl as the administrator. Rejects if it fails. */
  kubectl(argv: readonly string[], input?: object): Promise<string>;
  /**
   * Starts the controllers that make EndpointSlices and Endpoints objects. The returned function kills them.
   */
  startControllers(): () => Promise<void>;
  /** Path of a kubeconfig with the permissions of kube-proxy (`system:node-proxier`) and nothing else. */
  readonly nodeKubeconfig: string;
  /** Returns the requests that have ended. */
  requests(): Promise<readonly AuditedRequest[]>;
  stop(): Promise<void>;
}

/** @param port of three that are free */
export async function startHostControlPlane(port: number, flags = ''): Promise<HostControlPlane> {
  const folder = await mkdtemp(join(tmpdir(), 'kproxy-test-'));
  const audit = join(folder, 'audit.log');
  await writeFile(join(folder, 'policy.json'), JSON.stringify(policy));
  const apiServerFlags = `--audit-policy-file=${folder}/policy.json --audit-log-path=${audit} ${flags}`;
  const child = spawn(script, [folder, '127.0.0.1', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, API_SERVER_FLAGS: apiServerFlags },
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
    await rm(folder, { recursive: true });
  };
  const ready = once(child.stdout, 'data', { signal: AbortSignal.timeout(startLimit) });
  await ready.catch(error => stop().then(() => Promise.reject(error)));
  const kubeconfig = join(folder, 'kubeconfig');
  const nodeKubeconfig = join(folder, 'node-kubeconfig');
  const text = await readFile(kubeconfig, 'utf8');
  await writeFile(nodeKubeconfig, text.replace('user: {token:', 'user: {as: "system:kube-proxy", token:'));
  return {
    nodeKubeconfig,
    startControllers() {
      const controllers = ['endpointslice-controller', 'endpointslice-mirroring-controller', 'endpoints-controller'];
      const manager = spawn(
        builtProgram('kube-controller-manager') ?? 'kube-controller-manager',
        [
          ['--kubeconfig', kubeconfig],
          ['--controllers', controllers.join()],
          ['--leader-elect=false', '--secure-port=0'],
        ].flat(),
        { stdio: 'ignore' },
      );
      const ended = once(manager, 'exit');
      return async () => {
        manager.kill('SIGKILL');
        await ended;
      };
    },
    async kubectl(argv, input) {
      const running = promisify(execFile)(builtProgram('kubectl') ?? 'kubectl', ['--kubeconfig', kubeconfig, ...argv]);
      running.child.stdin?.end(input === undefined ? '' : JSON.stringify(input));
      return (await running).stdout;
    },
    requests: async () =>
      (await readFile(audit, 'utf8')).split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line)])),
    stop,
  };
}
