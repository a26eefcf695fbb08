import { join } from 'node:path';
import { openSandbox } from '../../src/sandbox/open-sandbox.js';
import type { RunningCommand, Sandbox } from '../../src/sandbox/sandbox.js';
import { report } from '../shared/progress.js';
import type { Job, Measurement } from './guest/job.js';

/** etcd, an API server, the controllers, kube-proxy and kproxy take less than half of it. */
const memoryMegabytes = 4096;
const limitMinutes = 60;
const folder = '/run/bench-api';

/**
 * Runs the measurement in a sandbox with a real IPVS kernel. The control plane runs there too.
 * @param project the project's folder, with `dist` and `.build` built
 * @param programs the folder that scripts/build-kubernetes.sh prints
 */
export async function measureInSandbox(
  project: string,
  programs: string,
  nodes: readonly number[],
): Promise<readonly Measurement[]> {
  const sandbox = await openSandbox({ memoryMegabytes, visibleFolders: [project, programs] });
  try {
    await prepare(sandbox, project);
    const job: Job = {
      nodes,
      programs,
      port: 6443,
      kproxy: `${folder}/dist/kproxy.js`,
      script: join(project, 'scripts/control-plane.sh'),
    };
    const argv = [process.execPath, `${folder}/.build/bench-api-guest.js`, JSON.stringify(job)];
    const running = sandbox.start(argv, { timeoutMilliseconds: limitMinutes * 60_000 });
    return await resultOf(running);
  } finally {
    await sandbox.close();
  }
}

/** Copies the program into the guest, so that a build that runs meanwhile does no harm. */
async function prepare(sandbox: Sandbox, project: string): Promise<void> {
  for (const argv of [
    ['mkdir', '-p', folder],
    ['cp', '-R', join(project, 'dist'), join(project, '.build'), folder],
    ['ip', 'link', 'set', 'lo', 'up'],
    ['modprobe', 'ip_vs'],
  ]) {
    const { exitCode, stderr } = await sandbox.run(argv);
    if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}: ${stderr.trim()}`);
  }
}

/** Passes the progress on, and returns the result. */
async function resultOf(running: RunningCommand): Promise<readonly Measurement[]> {
  let reported = 0;
  const passOn = () => {
    const lines = running.stderr().split('\n').slice(0, -1);
    for (const line of lines.slice(reported)) report(line);
    reported = lines.length;
  };
  const timer = setInterval(passOn, 500);
  const { exitCode, stdout, stderr, timedOut } = await running.result.finally(() => clearInterval(timer));
  passOn();
  if (timedOut) throw new Error(`the measurement did not end within ${limitMinutes} minutes`);
  if (exitCode !== 0) throw new Error(`the measurement ended with ${exitCode}: ${stderr.trim()}`);
  return JSON.parse(stdout) as readonly Measurement[];
}
