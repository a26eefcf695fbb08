import { describe, expect, test } from 'vitest';
import { readClusterWithKubectl } from '../../src/cluster/kubectl.js';
import type { Kubectl, KubectlResult } from '../../src/cluster/kubectl-command.js';
import { currentNamespace } from '../../src/cluster/namespace.js';
import { createKubectl, kubectlArguments } from '../../src/cluster/run-kubectl.js';
import { KproxyError } from '../../src/errors.js';
import { fakeCluster } from './fake-kubectl.js';
import { endpoints, pod, service } from './objects-for-tests.js';

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

  test('each kind is one raw read, of all namespaces', async () => {
    const { kubectl, calls } = fakeCluster(objects);
    const kinds = ['Service', 'EndpointSlice', 'Endpoints', 'Pod', 'Node'] as const;
    const cluster = await readClusterWithKubectl(kubectl, { kinds });
    expect(calls).toEqual([
      'get --raw /api/v1/services',
      'get --raw /apis/discovery.k8s.io/v1/endpointslices',
      'get --raw /api/v1/endpoints',
      'get --raw /api/v1/pods',
      'get --raw /api/v1/nodes',
    ]);
    expect(cluster.services.map(({ metadata }) => metadata.name)).toEqual(['web', 'api']);
    expect(cluster.pods).toHaveLength(1);
    expect(cluster.endpoints[0]).toMatchObject({ apiVersion: 'v1', kind: 'Endpoints' });
  });

  test('a namespace narrows the read, except for Nodes, which have none', async () => {
    const { kubectl, calls } = fakeCluster(objects);
    const cluster = await readClusterWithKubectl(kubectl, { kinds: ['Service', 'Node'], namespace: 'shop' });
    expect(calls).toEqual(['get --raw /api/v1/namespaces/shop/services', 'get --raw /api/v1/nodes']);
    expect(cluster.services.map(({ metadata }) => metadata.name)).toEqual(['api']);
  });

  test('a namespace without anything in it must be there', async () => {
    const empty = fakeCluster(objects, { namespaces: ['default', 'empty'] });
    expect(await readClusterWithKubectl(empty.kubectl, { kinds: ['Service'], namespace: 'empty' })).toMatchObject({
      services: [],
    });
    const error = await errorOf(readClusterWithKubectl(empty.kubectl, { kinds: ['Service'], namespace: 'shopp' }));
    expect(error.message).toBe('namespaces "shopp" not found');
  });

  test('a list that comes in pages is read to its end', async () => {
    const pages: Readonly<Record<string, KubectlResult>> = {
      'get --raw /api/v1/services': list('Service', [service('web')], { continue: 'a+b' }),
      'get --raw /api/v1/services?continue=a%2Bb': list('Service', [service('api')], { continue: 'c' }),
      'get --raw /api/v1/services?continue=c': list('Service', [service('dns')]),
    };
    const kubectl: Kubectl = async argv => pages[argv.join(' ')] ?? Promise.reject(new Error(argv.join(' ')));
    const { services } = await readClusterWithKubectl(kubectl, { kinds: ['Service'] });
    expect(services.map(({ metadata }) => metadata.name)).toEqual(['web', 'api', 'dns']);
  });

  test('a page that cannot be read means that nothing was read', async () => {
    const kubectl: Kubectl = async argv =>
      argv[2]?.includes('continue')
        ? answer('', 'Error from server (Expired): gone', 1)
        : list('Service', [], { continue: 'a' });
    const error = await errorOf(readClusterWithKubectl(kubectl, { kinds: ['Service'] }));
    expect(error.detail).toContain('(Expired)');
  });

  test('an object that cannot be used is named with the command that read it', async () => {
    const { kubectl } = fakeCluster([service('web', { ports: [{ port: 0 }] })]);
    const { invalid } = await readClusterWithKubectl(kubectl, { kinds: ['Service'] });
    expect(invalid[0]).toMatchObject({ source: 'kubectl get --raw /api/v1/services', name: 'web', service: 'web' });
  });

  test('what kubectl says on stderr while all goes well is not read', async () => {
    const kubectl: Kubectl = async () => ({ ...list('Endpoints', []), stderr: 'Warning: v1 Endpoints is deprecated' });
    expect((await readClusterWithKubectl(kubectl, { kinds: ['Endpoints'] })).invalid).toEqual([]);
  });

  test('a kind that may be left out is left out where it is forbidden, with a word', async () => {
    const forbidden = 'Error from server (Forbidden): nodes is forbidden: User "x" cannot list resource "nodes"';
    const kubectl: Kubectl = async argv =>
      argv[2] === '/api/v1/nodes' ? answer('', forbidden, 1) : list('Service', [service('web')]);
    const lines: string[] = [];
    const options = { kinds: ['Service', 'Node'] as const, warn: (line: string) => lines.push(line) };
    const cluster = await readClusterWithKubectl(kubectl, { ...options, optional: ['Node'] });
    expect([cluster.services.length, cluster.nodes.length]).toEqual([1, 0]);
    expect(lines).toEqual(['nodes may not be read with these credentials; going on without them']);
    await expect(readClusterWithKubectl(kubectl, options)).rejects.toThrow('the API server forbids it');
  });
});

/* The words are those of kubectl v1.37.2. */
describe('why the cluster cannot be read, and what to do', () => {
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
      'error: You must be logged in to the server (Unauthorized)',
      'the API server does not accept the credentials',
      'log in again',
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
      'Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority',
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
  ])('%s', async (stderr, what, next) => {
    const error = await errorOf(readClusterWithKubectl(async () => answer('', stderr, 1), { kinds: ['Service'] }));
    expect(error.message).toBe(`kubectl get --raw /api/v1/services: ${what}`);
    expect(error.exitCode).toBe(3);
    expect(error.detail).toBe(stderr);
    expect(error.next).toContain(next);
  });

  test.each([
    ['nothing', ''],
    ['a page of a proxy', '<html>Bad gateway</html>'],
    ['a list that is cut off', '{"kind":"ServiceList","apiVersion":"v1","items":[{"meta'],
    ['an object that is no list', '{"kind":"Status","apiVersion":"v1"}'],
  ])('the answer is %s', async (_, stdout) => {
    const error = await errorOf(readClusterWithKubectl(async () => answer(stdout), { kinds: ['Service'] }));
    expect(error.message).toBe('kubectl get --raw /api/v1/services: the answer is not a whole list of objects');
    expect(error.exitCode).toBe(3);
  });

  test('of several failures the one of the first kind is told', async () => {
    const kubectl: Kubectl = async argv => answer('', `error: ${argv[2]}`, 1);
    const error = await errorOf(readClusterWithKubectl(kubectl, { kinds: ['Service', 'Pod'] }));
    expect(error.detail).toBe('error: /api/v1/services');
  });
});

describe('the real kubectl', () => {
  test('is told as missing where it is not in PATH', async () => {
    const path = process.env.PATH;
    process.env.PATH = '/nonexistent';
    try {
      const error = await errorOf(createKubectl()(['version']));
      expect(error.message).toBe('kubectl is not installed (not found in PATH)');
      expect(error.exitCode).toBe(3);
    } finally {
      process.env.PATH = path;
    }
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

describe('the namespace where none is asked for', () => {
  test('is the one of the kubeconfig’s context', async () => {
    expect(await currentNamespace(fakeCluster([], { currentNamespace: 'shop' }).kubectl)).toBe('shop');
  });
  test.each([
    ['the context names none', answer('')],
    ['there is no context', answer('', 'error: current-context must exist', 1)],
  ])('is default where %s', async (_, result) => {
    expect(await currentNamespace(async () => result)).toBe('default');
  });
});
