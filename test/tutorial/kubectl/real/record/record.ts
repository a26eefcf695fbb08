import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { normalized, type Recording } from '../recording.js';
import { type Command, commands, order } from '../scenario.js';

const project = fileURLToPath(new URL('../../../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'kproxy-record-'));
const port = '7743';
let controlPlane: ChildProcess;
let program = 'kubectl';

function run({ argv, input = '', editor = 'true' }: Command) {
  const env = { ...process.env, KUBECONFIG: `${folder}/kubeconfig`, EDITOR: editor };
  const { status, stdout, stderr } = spawnSync(program, argv, { input, encoding: 'utf8', timeout: 60_000, env });
  return { stdout, stderr, exitCode: status ?? -1 };
}

function mustRun(command: Command): string {
  const { stdout, stderr, exitCode } = run(command);
  if (exitCode !== 0) throw new Error(`kubectl ${command.argv.join(' ')}: ${stderr}`);
  return stdout;
}

/** Sets what a kubelet would report. */
function startPod(name: string, podIP: string): void {
  const pod = JSON.parse(mustRun({ argv: ['get', 'pod', name, '-o', 'json'] }));
  const [container] = pod.spec.containers;
  const status = {
    phase: 'Running',
    podIP,
    podIPs: [{ ip: podIP }],
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [
      {
        name: container.name,
        image: container.image,
        imageID: '',
        ready: true,
        restartCount: 0,
        state: { running: {} },
      },
    ],
  };
  const patch = JSON.stringify({ status });
  mustRun({ argv: ['patch', 'pod', name, '--subresource=status', '--type=merge', '-p', patch] });
}

function createObjects(): void {
  mustRun({ argv: ['apply', '-f', `${project}src/tutorial/cluster/nodes.yaml`] });
  mustRun({ argv: ['apply', '-f', `${project}src/tutorial/cluster/pods.yaml`] });
  startPod('web-yuanying', '10.244.2.2');
  startPod('web-inajob', '10.244.1.3');
  startPod('client-inajob', '10.244.1.9');
  mustRun({ argv: ['apply', '-f', '-'], input: order });
}

beforeAll(async () => {
  controlPlane = spawn(`${project}scripts/control-plane.sh`, [folder, '127.0.0.1', port], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const chunk of controlPlane.stdout ?? []) if (`${chunk}`.includes('ready')) break;
  const programs = execFileSync(`${project}scripts/build-kubernetes.sh`, ['kubectl'], { encoding: 'utf8' }).trim();
  program = `${programs}/kubectl`;
});

afterAll(async () => {
  if (controlPlane.exitCode === null) {
    controlPlane.kill('SIGTERM');
    await once(controlPlane, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

test('answers are recorded', async () => {
  createObjects();
  const created = new Date().toISOString();
  // Ages have two digits then.
  await pause(12_000);
  const { items } = JSON.parse(mustRun({ argv: ['get', 'pods,services,endpoints,nodes', '-o', 'json'] }));
  const answers = commands.map(command => {
    const { stdout, stderr, exitCode } = run(command);
    return { ...command, stdout: normalized(stdout), stderr: normalized(stderr), exitCode };
  });
  expect(Date.now() - Date.parse(created)).toBeLessThan(95_000);
  const recording: Recording = { created, now: new Date().toISOString(), objects: items, answers };
  writeFileSync(new URL('../answers.json', import.meta.url), `${JSON.stringify(recording, null, 2)}\n`);
});
