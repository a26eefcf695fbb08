import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Job } from './job.js';
import { stopperOf } from './stop-child.js';

export interface ControlPlane {
  readonly port: number;
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** Path of the audit log: one JSON object a line, for every request when it is received. */
  readonly auditLog: string;
  /** Throws if the control plane has ended. */
  check(): void;
  stop(): Promise<void>;
}

const startSeconds = 420;
/** The script gives each of its processes two seconds. */
const stopMilliseconds = 30_000;

const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['ResponseStarted', 'ResponseComplete'],
  rules: [{ level: 'Metadata', verbs: ['get', 'list', 'watch'] }, { level: 'None' }],
};

/** Starts etcd, the API server, and the controllers of EndpointSlices and Endpoints. */
export async function startControlPlane({ programs, script, port }: Job, folder: string): Promise<ControlPlane> {
  mkdirSync(folder, { recursive: true });
  const [auditLog, policy] = [join(folder, 'audit.json'), join(folder, 'audit-policy.json')];
  writeFileSync(policy, JSON.stringify(auditPolicy));
  const child = spawn(script, [folder, '127.0.0.1', String(port)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      KPROXY_CACHE: join(programs, '..'),
      PATH: [programs, process.env.PATH].join(delimiter),
      CONTROLLERS: 'endpoints-controller,endpointslice-controller',
      START_SECONDS: String(startSeconds),
      API_SERVER_FLAGS: `--audit-policy-file ${policy} --audit-log-path ${auditLog}`,
    },
  });
  let errors = '';
  child.stderr.on('data', text => {
    errors += text;
  });
  const stop = stopperOf(child, stopMilliseconds);
  const check = () => {
    if (child.exitCode !== null) throw new Error(`the control plane ended with ${child.exitCode}: ${errors.trim()}`);
  };
  await untilReady(child, () => errors.trim());
  return {
    port,
    kubeconfig: join(folder, 'kubeconfig'),
    auditLog,
    check,
    stop,
  };
}

/** Waits until the script prints that the control plane is ready. @throws Error if it ends or the time is over first */
function untilReady(child: ChildProcessByStdio<null, Readable, Readable>, errors: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`the control plane did not start within ${startSeconds} s: ${errors()}`));
    const timer = setTimeout(fail, startSeconds * 1_000);
    child.once('exit', fail);
    child.stdout.once('data', resolve);
    child.stdout.once('data', () => clearTimeout(timer));
  });
}
