import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { nodeQueries } from '../../src/cluster/node-queries.js';
import { selectionQuery, withQuery } from '../../src/cluster/selection.js';
import { listOf, pod, service } from '../cluster/objects-for-tests.js';
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
    const { stdout, stderr, exitCode } = await sync(at());
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 });
    const [message, evidence, advised, ...more] = stderr.split('\n');
    expect(message).toMatch(/^kproxy: kubectl get --raw \S+: the API server /);
    expect(evidence).toBe(`  ${failures[name]}`);
    expect(advised).toBe(advice[name]);
    expect(more).toEqual(['']);
  },
);

test('kubectl gets --kubeconfig and --context unchanged, without a shell', async () => {
  const at = folderWith({ kubectl: '#!/bin/sh\nfor word; do printf "<%s>" "$word"; done >&2\nexit 1\n' });
  const { stderr } = await sync(at(), '--kubeconfig', '/etc/$(id)', '--context', "a'b");
  expect(stderr).toContain("<--request-timeout=30000ms><--kubeconfig></etc/$(id)><--context><a'b><get><--raw>");
});

describe('a kubectl that hangs is killed', () => {
  const hanging = '#!/bin/sh\necho "$$ $*" >>"$0.starts"\nexec sleep 600\n';
  const startsIn = (file: string): readonly string[] => readFileSync(file, 'utf8').trim().split('\n');
  const isRunning = (line: string): boolean => existsSync(`/proc/${line.split(' ')[0]}/exe`);
  const limited = ['--request-timeout', '200ms'];

  test('the error says what was waited for, and no further list is begun', async () => {
    const at = folderWith({ kubectl: hanging });
    const { stdout, stderr, exitCode } = await sync(at(), ...limited);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 });
    const selection = selectionQuery(nodeQueries('inajob').Service);
    const path = withQuery('/api/v1/services', { limit: 2500, ...selection });
    expect(stderr).toBe(
      `kproxy: kubectl get --raw ${path}: no answer within 0.2 s\n` +
        'Check the cluster (kubectl cluster-info), run the command again, or wait longer with --request-timeout.\n',
    );
    const starts = startsIn(at('kubectl.starts'));
    expect(starts).toHaveLength(2);
    expect(starts[0]).toContain('--request-timeout=200ms get --raw ');
    await vi.waitUntil(() => !starts.some(isRunning));
  });

  test.each([
    ['endpoints', 'kubectl config view --minify -o jsonpath={..namespace}'],
    ['endpoints -n default', 'kubectl get --raw /api/v1/namespaces/default/services?limit=2500'],
  ])('%s', async (words, command) => {
    const at = folderWith({ kubectl: hanging });
    const { stderr, exitCode } = await kproxy([...limited, ...words.split(' ')], at());
    expect(exitCode).toBe(3);
    expect(stderr.split('\n')[0]).toBe(`kproxy: ${command}: no answer within 0.2 s`);
  });

  test('while it writes', async () => {
    const at = folderWith({
      kubectl: hanging,
      'pod.json': JSON.stringify(listOf(service('web'), pod('a', '10.244.1.3'))),
    });
    const argv = ['endpoints', '--write', '--from', at('pod.json'), '--context', 'lab'];
    const { stderr, exitCode } = await kproxy([...limited, ...argv], at());
    expect(exitCode).toBe(3);
    expect(stderr.split('\n')).toEqual([
      'writing into the cluster of the context lab',
      'kproxy: kubectl apply -f -: no answer within 0.2 s',
      expect.stringMatching(/^Some objects may be written already\. /),
      '',
    ]);
  });

  test('not while it reports one object after another', async () => {
    const slow = '#!/bin/sh\nfor i in 1 2 3 4; do sleep 2; echo "endpoints/$i created"; done\n';
    const at = folderWith({
      kubectl: slow,
      'pod.json': JSON.stringify(listOf(service('web'), pod('a', '10.244.1.3'))),
    });
    const argv = ['endpoints', '--write', '--from', at('pod.json'), '--context', 'lab'];
    expect(await kproxy([...limited, ...argv], at())).toMatchObject({ exitCode: 0 });
  });
});
