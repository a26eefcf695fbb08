import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { currentNamespace } from '../../src/cluster/context.js';
import { readClusterWithKubectl } from '../../src/cluster/kubectl.js';
import type { Kubectl, KubectlResult } from '../../src/cluster/kubectl-command.js';
import { createKubectl, kubectlArguments } from '../../src/cluster/run-kubectl.js';
import { KproxyError } from '../../src/errors.js';
import { useToolPath } from '../../src/run/tool-path.js';
import { sliceObject } from '../sync/support/programmed-node.js';
import { fakeCluster } from './fake-kubectl.js';
import { endpoints, pod, service } from './objects-for-tests.js';

afterEach(() => {
  useToolPath([]);
  vi.unstubAllEnvs();
});

const answer = (stdout: string, stderr = '', exitCode = 0): KubectlResult => ({ stdout, stderr, exitCode });
const list = (kind: string, items: readonly object[], metadata: object = {}) =>
  answer(JSON.stringify({ kind: `${kind}List`, apiVersion: 'v1', metadata, items }));

async function errorOf(promise: Promise<unknown>): Promise<KproxyError> {
  const error: unknown = await promise.then(() => undefined).catch(reason => reason);
  if (!(error instanceof KproxyError)) throw new Error(`not a KproxyError: ${String(error)}`);
  return error;
}

describe('reading with kubectl', () => {
  const objects = [
    service('web'),
    service('api', {}, { namespace: 'shop' }),
    pod('a', '10.244.1.3'),
    endpoints('web', []),
  ];

  test('reads each kind raw, of all namespaces', async () => {
    const { kubectl, calls } = fakeCluster(objects);
    const kinds = ['Service', 'EndpointSlice', 'Endpoints', 'Pod', 'Node'] as const;
    const cluster = await readClusterWithKubectl(kubectl, { kinds });
    expect(calls).toEqual([
      'get --raw /api/v1/services?limit=2500',
      'get --raw /apis/discovery.k8s.io/v1/endpointslices?limit=2500',
      'get --raw /api/v1/endpoints?limit=2500',
      'get --raw /api/v1/pods?limit=2500',
      'get --raw /api/v1/nodes?limit=2500',
    ]);
    expect(cluster.services.map(({ metadata }) => metadata.name)).toEqual(['web', 'api']);
    expect(cluster.pods).toHaveLength(1);
    expect(cluster.endpoints[0]).toMatchObject({ apiVersion: 'v1', kind: 'Endpoints' });
  });

  test('reads one namespace, except for Nodes, which have none', async () => {
    const { kubectl, calls } = fakeCluster(objects);
    const cluster = await readClusterWithKubectl(kubectl, { kinds: ['Service', 'Node'], namespace: 'shop' });
    expect(calls).toEqual([
      'get --raw /api/v1/namespaces/shop/services?limit=2500',
      'get --raw /api/v1/nodes?limit=2500',
    ]);
    expect(cluster.services.map(({ metadata }) => metadata.name)).toEqual(['api']);
  });

  test('requires that an empty namespace exists', async () => {
    const empty = fakeCluster(objects, { namespaces: ['default', 'empty'] });
    expect(await readClusterWithKubectl(empty.kubectl, { kinds: ['Service'], namespace: 'empty' })).toMatchObject({
      services: [],
    });
    const error = await errorOf(readClusterWithKubectl(empty.kubectl, { kinds: ['Service'], namespace: 'shopp' }));
    expect(error.message).toBe('namespaces "shopp" not found');
    expect(error.code).toBe('namespace-missing');
  });

  test('reads all pages of a list', async () => {
    const pages: Readonly<Record<string, KubectlResult>> = {
      'get --raw /api/v1/services?limit=2500': list('Service', [service('web')], { continue: 'a+b' }),
      'get --raw /api/v1/services?limit=2500&continue=a%2Bb': list('Service', [service('api')], { continue: 'c' }),
      'get --raw /api/v1/services?limit=2500&continue=c': list('Service', [service('dns')]),
    };
    const kubectl: Kubectl = async argv => pages[argv.join(' ')] ?? Promise.reject(new Error(argv.join(' ')));
    const { services } = await readClusterWithKubectl(kubectl, { kinds: ['Service'] });
    expect(services.map(({ metadata }) => metadata.name)).toEqual(['web', 'api', 'dns']);
  });

  test.each(['(Expired): gone', '(InternalError): etcd'])('fails if a page cannot be read: %s', async reason => {
    const kubectl: Kubectl = async argv =>
      argv[2]?.includes('continue')
        ? answer('', `Error from server ${reason}`, 1)
        : list('Service', [service('web')], { continue: 'a' });
    const error = await errorOf(readClusterWithKubectl(kubectl, { kinds: ['Service'] }));
    expect(error.evidence).toContain(reason);
  });

  test('reads the list again without a limit if the token of a page has expired', async () => {
    const expired =
      'Error from server (Expired): The provided continue parameter is too old to display a consistent list result.';
    const kubectl: Kubectl = async argv => {
      if (argv[2]?.includes('continue=')) return answer('', expired, 1);
      if (argv[2]?.includes('limit=')) return list('Service', [service('old')], { continue: 'a' });
      return list('Service', [service('web'), service('api')]);
    };
    const { services } = await readClusterWithKubectl(kubectl, { kinds: ['Service'] });
    expect(services.map(({ metadata }) => metadata.name)).toEqual(['web', 'api']);
  });

  test('fails if the pages have no end', async () => {
    let pages = 0;
    const filler = 'x'.repeat(20_000_000);
    const error = await errorOf(
      readClusterWithKubectl(
        async () => {
          pages += 1;
          return answer(
            JSON.stringify({
              kind: 'ServiceList',
              apiVersion: 'v1',
              metadata: { continue: `t${pages}`, filler },
              items: [],
            }),
          );
        },
        { kinds: ['Service'] },
      ),
    );
    expect(pages).toBe(8);
    expect(error).toMatchObject({
      code: 'list-incomplete',
      evidence: expect.stringMatching(/^a list without an end: /),
    });
  });

  test('fails if the same page comes again and again', async () => {
    const kubectl: Kubectl = async () => list('Service', [service('web')], { continue: 'a' });
    const error = await errorOf(readClusterWithKubectl(kubectl, { kinds: ['Service'] }));
    expect(error.code).toBe('list-incomplete');
    expect(error.evidence).toBe('the same page again and again');
  });

  test('runs two kubectls at a time and checks each page before it reads the next', async () => {
    let [running, maximum] = [0, 0];
    const kubectl: Kubectl = async argv => {
      running += 1;
      maximum = Math.max(maximum, running);
      await turn();
      running -= 1;
      const kind = argv[2]?.includes('pods') ? 'Pod' : argv[2]?.includes('nodes') ? 'Node' : 'Service';
      return list(kind, [], argv[2]?.includes('continue') ? {} : { continue: 'a' });
    };
    await readClusterWithKubectl(kubectl, { kinds: ['Service', 'Pod', 'Node'] });
    expect([running, maximum]).toEqual([0, 2]);
  });

  test('names an invalid object with the command that read it', async () => {
    const { kubectl } = fakeCluster([service('web', { ports: [{ port: 0 }] })]);
    const { invalid } = await readClusterWithKubectl(kubectl, { kinds: ['Service'] });
    expect(invalid[0]).toMatchObject({ source: 'kubectl get --raw /api/v1/services', name: 'web', service: 'web' });
  });

  test('ignores warnings on stderr', async () => {
    const kubectl: Kubectl = async () => ({ ...list('Endpoints', []), stderr: 'Warning: v1 Endpoints is deprecated' });
    expect((await readClusterWithKubectl(kubectl, { kinds: ['Endpoints'] })).invalid).toEqual([]);
  });

  test('leaves an optional kind out if it is forbidden, and says so', async () => {
    const forbidden = 'Error from server (Forbidden): nodes is forbidden: User "x" cannot list resource "nodes"';
    const kubectl: Kubectl = async argv =>
      argv[2]?.startsWith('/api/v1/nodes?') ? answer('', forbidden, 1) : list('Service', [service('web')]);
    const lines: string[] = [];
    const options = { kinds: ['Service', 'Node'] as const, warn: (line: string) => lines.push(line) };
    const cluster = await readClusterWithKubectl(kubectl, { ...options, optional: ['Node'] });
    expect([cluster.services.length, cluster.nodes.length, cluster.unread]).toEqual([1, 0, ['Node']]);
    expect(lines).toEqual(['nodes may not be read with these credentials; going on without them']);
    await expect(readClusterWithKubectl(kubectl, options)).rejects.toThrow('the API server forbids it');
  });
});

describe('Endpoints objects', () => {
  const kinds = ['Service', 'EndpointSlice', 'Endpoints', 'Node'] as const;
  const objects = [service('web'), sliceObject('web', ['10.244.1.3']), endpoints('web', [])];

  test('are not read if Services and EndpointSlices show that they are not needed', async () => {
    const { kubectl, calls } = fakeCluster(objects);
    const seen: unknown[] = [];
    const cluster = await readClusterWithKubectl(kubectl, {
      kinds,
      needsEndpoints: ({ services, endpointSlices }) => {
        seen.push(services.length, endpointSlices.length);
        return false;
      },
    });
    expect([seen, cluster.endpoints, cluster.unread]).toEqual([[1, 1], [], undefined]);
    expect(calls.filter(call => call.includes('/endpoints?'))).toEqual([]);
    expect(calls).toHaveLength(3);
  });

  test('are read after these if they are needed', async () => {
    const { kubectl, calls } = fakeCluster(objects);
    const cluster = await readClusterWithKubectl(kubectl, { kinds, needsEndpoints: () => true });
    expect([cluster.endpoints.length, calls.length]).toEqual([1, 4]);
    expect(calls.at(-1)).toContain('/api/v1/endpoints?');
  });
});

/* The words are those of kubectl v1.37.2. */
describe('a failure of kubectl is explained, with advice', () => {
  test.each([
    [
      'The connection to the server 127.0.0.1:16999 was refused - did you specify the right host or port?',
      'the API server cannot be reached',
      'kubectl cluster-info',
    ],
    [
      'Unable to connect to the server: dial tcp: lookup lab on 10.0.0.1:53: no such host',
      'the API server cannot be reached',
      '--from',
    ],
    [
      'Error from server (TooManyRequests): the server has received too many requests and has asked us to try again ' +
        'later',
      'the API server is overloaded',
      'again later',
    ],
    [
      'error: You must be logged in to the server (Unauthorized)',
      'the API server does not accept the credentials',
      'Log in again',
    ],
    [
      'Error from server (Forbidden): services is forbidden: User "nobody" cannot list resource "services"',
      'the API server forbids it',
      'kubectl auth can-i',
    ],
    [
      'Error in configuration: context was not found for specified context: nope',
      'the context does not exist',
      'kubectl config get-contexts',
    ],
    ['error: context "nope" does not exist', 'the context does not exist', 'kubectl config get-contexts'],
    [
      'Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown ' +
        'authority',
      "the API server's certificate is not trusted",
      'certificate-authority',
    ],
    [
      'error: error loading config file "/x": yaml: line 1: did not find expected node content',
      'the kubeconfig cannot be used',
      '--kubeconfig',
    ],
    ['error: stat /missing: no such file or directory', 'the kubeconfig cannot be used', '--kubeconfig'],
    [
      'Error from server (NotFound): the server could not find the requested resource',
      'the API server does not have this kind of object',
      'discovery.k8s.io/v1',
    ],
    ['error: something new', 'failed with exit code 1', 'by hand'],
  ])('%s', async (stderr, what, advice) => {
    const error = await errorOf(readClusterWithKubectl(async () => answer('', stderr, 1), { kinds: ['Service'] }));
    expect(error.message).toBe(`kubectl get --raw /api/v1/services: ${what}`);
    expect(error.code).toBe('kubectl-failed');
    expect(error.evidence).toBe(stderr);
    expect(error.advice).toContain(advice);
  });

  test.each([
    ['nothing', ''],
    ['an error page of a proxy', '<html>Bad gateway</html>'],
    ['a truncated list', '{"kind":"ServiceList","apiVersion":"v1","items":[{"meta'],
    ['an object that is no list', '{"kind":"Status","apiVersion":"v1"}'],
  ])('%s is an incomplete list', async (_, stdout) => {
    const error = await errorOf(readClusterWithKubectl(async () => answer(stdout), { kinds: ['Service'] }));
    expect(error.message).toBe('kubectl get --raw /api/v1/services: the answer is not a complete list of objects');
    expect(error.code).toBe('list-incomplete');
  });

  test('reports the failure of the first kind if several fail', async () => {
    const kubectl: Kubectl = async argv => answer('', `error: ${argv[2]}`, 1);
    const error = await errorOf(readClusterWithKubectl(kubectl, { kinds: ['Service', 'Pod'] }));
    expect(error.evidence).toBe('error: /api/v1/services?limit=2500');
  });
});

describe('the real kubectl', () => {
  test('is reported as missing if it is in none of the folders, which are named', async () => {
    useToolPath(['/opt/kubernetes'], ['/nonexistent']);
    vi.stubEnv('PATH', '.:relative:');
    const error = await errorOf(createKubectl()(['version']));
    expect(error).toMatchObject({
      message: 'kubectl is not installed (not found in /opt/kubernetes, /nonexistent)',
      advice: 'Install kubectl, name its folder with --tool-path, or read objects from files with --from.',
      code: 'kubectl-missing',
    });
  });

  /** Runs a shell script in the place of kubectl. */
  async function withKubectl<Value>(script: string, use: (kubectl: Kubectl) => Promise<Value>): Promise<Value> {
    const folder = await mkdtemp(join(tmpdir(), 'kproxy-test-'));
    await writeFile(join(folder, 'kubectl'), `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`, { mode: 0o755 });
    useToolPath([folder]);
    try {
      return await use(createKubectl({ requestTimeout: 20_000 }));
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  const get: Parameters<Kubectl> = [['get', '--raw', '/api/v1/services']];

  test.each(['', ' >&2'])('is killed if its output does not end%s', async where => {
    const error = await withKubectl(`exec yes ${'0'.repeat(10_000)}${where}`, kubectl => errorOf(kubectl(...get)));
    expect(error.message).toBe('kubectl get --raw /api/v1/services: printed more than 128 MB');
    expect(error.code).toBe('list-incomplete');
  });

  test('may print a long list', async () => {
    const result = await withKubectl(`head -c 60000000 /dev/zero | tr '\\0' x`, kubectl => kubectl(...get));
    expect([result.exitCode, result.stdout.length]).toEqual([0, 60_000_000]);
  });

  test('gets --kubeconfig and --context', () => {
    expect(kubectlArguments({ kubeconfig: '/a b', context: 'lab' })).toEqual([
      '--kubeconfig',
      '/a b',
      '--context',
      'lab',
    ]);
    expect(kubectlArguments({})).toEqual([]);
  });
});

describe('the namespace if none is given', () => {
  test('is that of the kubeconfig’s context', async () => {
    expect(await currentNamespace(fakeCluster([], { currentNamespace: 'shop' }).kubectl)).toBe('shop');
  });
  test.each([
    ['the context names none', answer('')],
    ['there is no context', answer('', 'error: current-context must exist', 1)],
  ])('is default if %s', async (_, result) => {
    expect(await currentNamespace(async () => result)).toBe('default');
  });
});
