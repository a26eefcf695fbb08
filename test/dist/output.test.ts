import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { takeSnapshot } from '../../src/snapshot/snapshot.js';
import { fakeNode } from '../support/fake-node/index.js';
import { withVersions } from '../support/version-answers.js';

const project = new URL('../../', import.meta.url).pathname;
const cluster = join(project, 'test/fixtures/tutorial.yaml');
const folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | string | null | undefined;
}

/** Runs a line of shell in which `kproxy` is the built program. */
const shell = (line: string): Promise<Result> =>
  new Promise(resolve => {
    const script = `kproxy() { "${process.execPath}" "${project}dist/kproxy.js" "$@"; }; ${line}`;
    execFile(
      'bash',
      ['-c', script],
      { cwd: folder, env: { ...process.env, NODE_OPTIONS: '' } },
      (error, stdout, stderr) => resolve({ stdout, stderr, exitCode: error === null ? 0 : error.code }),
    );
  });

beforeEach(async () => {
  const snapshot = await takeSnapshot(withVersions(fakeNode()), 'inajob', new Date());
  writeFileSync(join(folder, 'node.json'), JSON.stringify(snapshot));
});
const from = `--from ${cluster} --node inajob`;

const configuration = `apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
portRange: 1000-2000
`;

/** One line of each command that needs no node. Those of diff and status would end with 1. */
const commands = [
  '--version',
  'version',
  '--help',
  'help sync',
  `endpoints --from ${cluster} --dry-run`,
  `endpoints --from ${cluster} -o json`,
  `sync --dry-run --full ${from}`,
  `sync --dry-run --full --script batch ${from}`,
  `diff --snapshot node.json ${from}`,
  `diff --snapshot node.json -o json ${from}`,
  `status --snapshot node.json ${from}`,
];

describe('if the disk is full', () => {
  test.each(commands)('kproxy %s: one line, and an exit code of its own', async command => {
    expect(await shell(`kproxy ${command} >/dev/full`)).toEqual({
      stdout: '',
      stderr: 'kproxy: standard output cannot be written: no space is left on the device. The result is incomplete.\n',
      exitCode: 6,
    });
  });

  test('for both streams, nothing more can be said', async () => {
    expect(await shell('kproxy --help >/dev/full 2>&1')).toEqual({ stdout: '', stderr: '', exitCode: 6 });
  });

  test('for messages alone, the result is written, and the exit code says that something is missing', async () => {
    writeFileSync(join(folder, 'config.yaml'), configuration);
    const command = `kproxy diff --snapshot node.json ${from} --config config.yaml`;
    const { stdout, stderr, exitCode } = await shell(command);
    expect({ stderr, exitCode }).toEqual({ stderr: expect.stringContaining('portRange'), exitCode: 1 });
    expect(await shell(`${command} 2>/dev/full`)).toEqual({ stdout, stderr: '', exitCode: 6 });
  });

  test('for the message of an error, the exit code is that of the error', async () => {
    expect(await shell('kproxy nosuch 2>/dev/full')).toEqual({ stdout: '', stderr: '', exitCode: 2 });
    expect(await shell('kproxy diff --from nosuch 2>/dev/full')).toEqual({ stdout: '', stderr: '', exitCode: 3 });
  });

  test('after a part of the text, it is noticed too', async () => {
    const { stderr, exitCode } = await shell(`trap '' XFSZ; ulimit -f 1; kproxy --help >part`);
    expect(stderr).toBe(
      'kproxy: standard output cannot be written: the file would be too large. The result is incomplete.\n',
    );
    expect(exitCode).toBe(6);
    expect(readFileSync(join(folder, 'part'), 'utf8')).toHaveLength(1024);
  });
});

describe('nothing but the messages of kproxy is on standard error', () => {
  test('if a file of --from is a template', async () => {
    writeFileSync(
      join(folder, 'service.yaml'),
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\n',
    );
    const { stderr, exitCode } = await shell('kproxy sync --dry-run --full --from service.yaml --node inajob');
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^service\.yaml: Service: metadata\.name: must be a string: .*\n$/);
  });
});
