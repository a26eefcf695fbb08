import { expect, test } from 'vitest';
import { folderWith } from './support/folder.js';
import { kproxy } from './support/run-cli.js';

/** What the real kubectl prints. */
const failures = {
  unreachable: 'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?',
  forbidden:
    'Error from server (Forbidden): services is forbidden: User "kproxy" cannot list resource "services" ' +
    'in API group "" at the cluster scope',
  'not logged in': 'error: You must be logged in to the server (Unauthorized)',
} as const;

const advice = {
  unreachable:
    'Check the cluster, the kubeconfig and the context (kubectl cluster-info), or read objects from files with --from.',
  forbidden: 'Use credentials that may list services: kubectl auth can-i list services -A.',
  'not logged in': 'Log in again, or give other credentials with --kubeconfig or --context.',
} as const;

const kubectlThatPrints = (words: string) => `#!/bin/sh
case "$*" in
  *nodes*) echo '{"kind":"NodeList","apiVersion":"v1","items":[]}' ;;
  *) echo '${words}' >&2; exit 1 ;;
esac
`;
const sync = (path: string, ...more: readonly string[]) =>
  kproxy([...more, 'sync', '--dry-run', '--full', '--no-sudo', '--node', 'inajob'], path);

test.each(Object.keys(failures) as (keyof typeof failures)[])(
  'the API server is %s: the error has what failed, the message of kubectl, and advice',
  async name => {
    const at = folderWith({ kubectl: kubectlThatPrints(failures[name]) });
    const { stdout, stderr, exitCode } = await sync(`${at()}:/usr/bin:/bin`);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 });
    const [message, evidence, advised, ...more] = stderr.split('\n');
    expect(message).toMatch(/^kproxy: kubectl get --raw \S+: the API server /);
    expect(evidence).toBe(`  ${failures[name]}`);
    expect(advised).toBe(advice[name]);
    expect(more).toEqual(['']);
  },
);

test('kubectl is not installed: one line says so, and one what to do', async () => {
  const at = folderWith({});
  expect(await sync(at())).toEqual({
    stdout: '',
    stderr:
      'kproxy: kubectl is not installed (not found in PATH)\n' +
      'Install kubectl, or read objects from files with --from.\n',
    exitCode: 3,
  });
});

test('kubectl gets --kubeconfig and --context unchanged, without a shell', async () => {
  const at = folderWith({ kubectl: '#!/bin/sh\nfor word; do printf "<%s>" "$word"; done >&2\nexit 1\n' });
  const { stderr } = await sync(`${at()}:/usr/bin:/bin`, '--kubeconfig', '/etc/$(id)', '--context', "a'b");
  expect(stderr).toContain("<--kubeconfig></etc/$(id)><--context><a'b><get><--raw>");
});
