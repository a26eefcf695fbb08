import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Kubectl } from '../../src/cluster/kubectl-command.js';
import { kubectlHangs } from '../../src/cluster/kubectl-error.js';
import { type EndpointsOptions, runEndpoints } from '../../src/commands/endpoints.js';
import type { CommandOutcome } from '../../src/commands/shared/outcome.js';
import { KproxyError } from '../../src/errors.js';
import { type FakeOptions, fakeCluster } from '../cluster/fake-kubectl.js';
import { endpoints, listOf, pod, service } from '../cluster/objects-for-tests.js';

interface Result {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined if the command threw an error. */
  readonly outcome: CommandOutcome | undefined;
  readonly error: KproxyError | undefined;
}

/** Runs the command as the command line does. */
async function run(kubectl: Kubectl, options: Partial<EndpointsOptions> = {}, stdin = ''): Promise<Result> {
  const texts = { stdout: '', stderr: '' };
  const io = {
    stdout: (text: string) => {
      texts.stdout += text;
    },
    stderr: (text: string) => {
      texts.stderr += text;
    },
    readStdin: async () => stdin,
  };
  const defaults = {
    services: [],
    allNamespaces: false,
    from: [],
    dryRun: false,
    write: false,
    kubectl,
    kubectlArguments: [],
  };
  try {
    const outcome = await runEndpoints({ ...defaults, ...options }, io);
    return { ...texts, outcome, error: undefined };
  } catch (error) {
    if (!(error instanceof KproxyError)) throw error;
    return { ...texts, outcome: undefined, error };
  }
}

const managed = { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' };
const web = service('web');
const a = pod('a', '10.244.1.3');
const b = pod('b', '10.244.1.4');
const api = service('api', { selector: { app: 'web' } });
const isRead = (call: string) => call.startsWith('get --raw ') || call.startsWith('config view ');
const cluster = (objects: readonly object[], options?: FakeOptions) => {
  const fake = fakeCluster(objects, options);
  return { ...fake, writes: () => fake.calls.filter(call => !isRead(call)) };
};
const subsetsIn = (objects: readonly object[], name: string) =>
  objects.find(object => JSON.stringify(object).includes(`"name":"${name}"`)) as { subsets?: unknown } | undefined;

describe('the first run writes, the second run has nothing to do', () => {
  test('one process writes all objects', async () => {
    const { kubectl, writes, endpoints: stored } = cluster([web, api, a, b]);
    expect(await run(kubectl)).toMatchObject({
      stdout: 'endpoints/web created\nendpoints/api created\n',
      stderr: '',
      outcome: 'done',
    });
    expect(writes()).toEqual(['apply -f -']);
    expect(stored()).toHaveLength(2);
    expect(await run(kubectl)).toMatchObject({
      stdout: 'endpoints/web unchanged\nendpoints/api unchanged\n',
      outcome: 'done',
    });
    expect(writes()).toEqual(['apply -f -']);
  });

  test('only objects that differ are written', async () => {
    const { kubectl, inputs } = cluster([web, api, a]);
    await run(kubectl, { services: ['api'] });
    expect(await run(kubectl)).toMatchObject({ stdout: 'endpoints/web created\nendpoints/api unchanged\n' });
    expect(parseAllDocuments(inputs[1] ?? '').map(document => document.getIn(['metadata', 'name']))).toEqual(['web']);
  });

  test('Pods that no longer exist are removed, even the last one', async () => {
    const { kubectl, endpoints: stored } = cluster([
      web,
      endpoints('web', [{ addresses: [{ ip: '10.9.9.9' }], ports: [{ port: 1 }] }]),
    ]);
    expect(await run(kubectl)).toMatchObject({ stdout: 'endpoints/web configured\n' });
    expect(subsetsIn(stored(), 'web')?.subsets).toEqual([]);
  });

  test('a label that the Service does not have is removed, annotations of other software are kept', async () => {
    const earlier = endpoints('web', [], { labels: { old: 'x' }, annotations: { mine: 'x' } });
    const { kubectl, endpoints: stored, writes } = cluster([web, a, earlier]);
    await run(kubectl);
    expect(stored()[0]?.metadata).toMatchObject({ labels: managed, annotations: { mine: 'x' } });
    expect(stored()[0]?.metadata.labels).not.toHaveProperty('old');
    expect(writes()).toEqual(['apply -f -']);
    expect((await run(kubectl)).stdout).toBe('endpoints/web unchanged\n');
  });

  test('an annotation that apply cannot remove is removed with replace', async () => {
    const annotations = { 'endpoints.kubernetes.io/over-capacity': 'truncated', mine: 'x' };
    const earlier = endpoints('web', [], { annotations, resourceVersion: '7' });
    const { kubectl, endpoints: stored, writes } = cluster([web, a, earlier]);
    expect((await run(kubectl)).stdout).toBe('endpoints/web replaced\n');
    expect(writes()).toEqual(['replace -f -']);
    expect(stored()[0]?.metadata).toMatchObject({ annotations: { mine: 'x' }, resourceVersion: '7' });
    expect(stored()[0]?.metadata.annotations).not.toHaveProperty('endpoints.kubernetes.io/over-capacity');
  });

  test('an object that is too large for apply is created, then replaced', async () => {
    const longName = (index: number) => `${'long-'.repeat(40)}${index}`;
    const pods = Array.from({ length: 1100 }, (_, index) =>
      pod(longName(index), `10.245.${index >> 8}.${index & 255}`),
    );
    const { kubectl, writes, endpoints: stored } = cluster([web, ...pods]);
    await run(kubectl);
    expect(stored()[0]?.metadata.annotations).toEqual({ 'endpoints.kubernetes.io/over-capacity': 'truncated' });
    expect((await run(kubectl)).stdout).toBe('endpoints/web unchanged\n');
    const fewer = cluster([web, ...pods.slice(100), ...stored()]);
    expect((await run(fewer.kubectl)).stdout).toBe('endpoints/web replaced\n');
    expect([...writes(), ...fewer.writes()]).toEqual(['create -f -', 'replace -f -']);
  });
});

describe('a run concerns', () => {
  const shop = service('shop', { selector: {} }, { namespace: 'shop' });
  const objects = [web, shop, a, pod('s', '10.244.1.9', { namespace: 'shop' })];

  test.each([
    ['the Services of the kubeconfig’s namespace', {}, 'endpoints/shop created\n'],
    ['the Services of the namespace given with -n', { namespace: 'default' }, 'endpoints/web created\n'],
    [
      'all Services with -A',
      { allNamespaces: true },
      'endpoints/web created (namespace default)\nendpoints/shop created (namespace shop)\n',
    ],
  ])('%s', async (_, options, stdout) => {
    const { kubectl } = cluster(objects, { currentNamespace: 'shop' });
    expect(await run(kubectl, options)).toMatchObject({ stdout, outcome: 'done' });
  });

  test('the other Services if one does not exist, which is reported', async () => {
    const { kubectl } = cluster(objects);
    expect(await run(kubectl, { services: ['wbe', 'web'] })).toMatchObject({
      stdout: 'endpoints/web created\n',
      stderr: 'Error from server (NotFound): services "wbe" not found (namespace default)\n',
      outcome: 'invalid-objects',
    });
  });

  test.each([
    ['without a selector', { selector: undefined }, 'has no selector'],
    ['that is an ExternalName', { type: 'ExternalName', clusterIP: '' }, 'ExternalName'],
  ])('no Service %s, with a message if it was named', async (_, spec, text) => {
    const { kubectl, writes } = cluster([service('web', spec), a]);
    expect(await run(kubectl)).toMatchObject({ stdout: '', stderr: '', outcome: 'done' });
    const byName = await run(kubectl, { services: ['web'] });
    expect(byName).toMatchObject({ stdout: '', stderr: expect.stringContaining(text), outcome: 'done' });
    expect(writes()).toEqual([]);
  });

  test('nothing if there are no Services, with a hint to other namespaces', async () => {
    const { kubectl } = cluster([]);
    expect((await run(kubectl, { allNamespaces: true })).stderr).toBe('No Services found\n');
    const from = await run(kubectl, { from: ['-'] }, JSON.stringify(listOf(shop)));
    expect(from.stderr).toBe('No Services found in namespace default; there are some in shop (-n NAMESPACE or -A)\n');
  });
});

describe('with --from', () => {
  const input = JSON.stringify(listOf(web, a));

  test('nothing is written into the cluster of kubectl: the script is printed, as with --dry-run', async () => {
    const { kubectl, calls } = cluster([]);
    const { stdout, stderr, outcome } = await run(kubectl, { from: ['-'] }, input);
    expect({ stderr, outcome }).toEqual({
      stderr: 'nothing was written: with --write, kproxy writes what it computes from files\n',
      outcome: 'done',
    });
    expect(calls).toEqual([]);
    expect(await run(kubectl, { from: ['-'], dryRun: true }, input)).toMatchObject({ stdout, stderr: '' });
  });

  test.each([
    ['the current one', { currentContext: 'lab' }, {}, 'writing into the cluster of the context lab\n'],
    ['the one of --context', {}, { context: 'prod' }, 'writing into the cluster of the context prod\n'],
    ['none, in a Pod', {}, {}, "writing into kubectl's cluster (it has no current context)\n"],
  ])('--write writes with kubectl and names the context: %s', async (_, fake, options, stderr) => {
    const { kubectl, inputs, endpoints: stored } = cluster([], fake);
    const result = await run(kubectl, { from: ['-'], write: true, ...options }, input);
    expect(result).toMatchObject({ stdout: 'endpoints/web created\n', stderr, outcome: 'done' });
    expect(inputs).toHaveLength(1);
    expect(stored()).toHaveLength(1);
  });

  test('--write starts no kubectl if the files have the right Endpoints', async () => {
    const none: Kubectl = () => Promise.reject(new Error('kubectl was started'));
    const { stdout: list } = await run(none, { from: ['-'], output: 'yaml' }, input);
    const again = await run(none, { from: ['-'], write: true }, `${list}---\n${input}`);
    expect(again).toMatchObject({ stdout: 'endpoints/web unchanged\n', stderr: '' });
  });

  test('printing needs no kubectl', async () => {
    const none: Kubectl = () => Promise.reject(new Error('kubectl was started'));
    expect((await run(none, { from: ['-'], dryRun: true }, input)).stdout).toContain('kubectl apply -f - <<');
    expect((await run(none, { from: ['-'], output: 'json' }, input)).stdout).toContain('"kind": "List"');
  });
});

describe('-o prints all computed objects and writes nothing', () => {
  test.each(['json', 'yaml'] as const)('%s', async output => {
    const { kubectl, writes } = cluster([web, api, a]);
    await run(kubectl, { services: ['web'] });
    const { stdout } = await run(kubectl, { output });
    const [list] = parseAllDocuments(stdout).map(document => document.toJS());
    expect(list).toMatchObject({
      apiVersion: 'v1',
      kind: 'List',
      items: [{ metadata: { name: 'web' } }, { metadata: { name: 'api' } }],
    });
    expect(list.items[0].subsets).toEqual(list.items[1].subsets);
    expect(writes()).toHaveLength(1);
  });

  test('the printed objects can be read back and are then unchanged', async () => {
    const { kubectl } = cluster([web, api, a]);
    const { stdout } = await run(kubectl, { output: 'yaml' });
    const again = await run(
      kubectl,
      { from: ['-'], write: true },
      `${stdout}---\n${JSON.stringify(listOf(web, api, a))}`,
    );
    expect(again.stdout).toBe('endpoints/web unchanged\nendpoints/api unchanged\n');
  });
});

describe('invalid objects', () => {
  test.each([
    ['a Service', service('api', { ports: [{ port: 70000 }] }), 'Service default/api: spec.ports[0].port'],
    [
      'an Endpoints object',
      endpoints('api', [{ addresses: [{ ip: '10.0.0.0256' }] }]),
      'Endpoints default/api: subsets[0]',
    ],
    ['a Pod', pod('c', '10.0.0.0256', { labels: { app: 'api' } }), 'Pod default/c: status.podIP'],
  ])('%s is reported, its Endpoints are left unchanged, the others are written', async (_, object, line) => {
    const valid = object.kind === 'Service' ? [web, a] : [web, a, service('api')];
    const { kubectl } = cluster([...valid, object]);
    expect(await run(kubectl)).toMatchObject({
      stdout: 'endpoints/web created\n',
      stderr: expect.stringContaining(line),
      outcome: 'invalid-objects',
    });
  });

  test('are not reported if other Services are named', async () => {
    const { kubectl } = cluster([web, a, service('api', { ports: [{ port: 0 }] })]);
    expect(await run(kubectl, { services: ['web'] })).toMatchObject({ stderr: '', outcome: 'done' });
  });
});

describe('if kubectl fails while writing', () => {
  test('the error names what was not written and what to do', async () => {
    const { kubectl } = cluster([web, api, a], { refuses: ['api'] });
    const { error, stderr } = await run(kubectl);
    expect(error?.code).toBe('endpoints-not-written');
    expect(error?.message).toBe('kubectl could not write all of 2 Endpoints objects; not written: default/api');
    expect(error?.evidence).toBe('The Endpoints "api" is invalid: subsets: refused');
    expect(error?.advice).toBe(
      'Fix what kubectl reports. Then run the same command again. It skips the objects that are already written.',
    );
    expect(stderr).toBe('');
  });

  test('a line that kubectl repeats for each object is said once, with advice if its meaning is known', async () => {
    const { kubectl } = cluster([web, api, a]);
    const line =
      'Error from server (Forbidden): endpoints is forbidden: User "x" cannot patch resource "endpoints" in ' +
      'API group "" in the namespace "default"';
    const forbidding: Kubectl = (argv, input) =>
      argv[0] === 'apply'
        ? Promise.resolve({ stdout: '', stderr: `${line}\n${line}\n`, exitCode: 1 })
        : kubectl(argv, input);
    const { error, stderr } = await run(forbidding);
    expect({ stderr, evidence: error?.evidence }).toEqual({ stderr: '', evidence: line });
    expect(error?.advice).toMatch(
      /^Use credentials that may patch endpoints: kubectl auth can-i patch endpoints -n default\. Then run /,
    );
  });

  test('objects of other namespaces are written beside one that is stuck in deletion', async () => {
    const stuck = { namespace: 'stuck' };
    const objects = [service('web', {}, stuck), pod('a', '10.244.9.1', stuck), web, a];
    const { kubectl, endpoints: stored } = cluster(objects, { terminating: new Set(['stuck']) });
    const { stdout, error } = await run(kubectl, { allNamespaces: true });
    expect(stored().map(({ metadata }) => metadata.namespace)).toEqual(['default']);
    expect(stdout).toBe('endpoints/web created (namespace default)\n');
    expect(error?.message).toBe('kubectl could not write all of 2 Endpoints objects; not written: stuck/web');
    expect(error?.advice).toMatch(/^Find out what its deletion waits for/);
  });

  test('objects of other namespaces are written beside one whose writes hang', async () => {
    const slow = { namespace: 'slow' };
    const { kubectl, endpoints: stored } = cluster([service('web', {}, slow), pod('a', '10.244.9.1', slow), web, a]);
    const hanging: Kubectl = async (argv, input) => {
      if (input?.includes('slow')) throw kubectlHangs(argv, { requestTimeout: 30_000, isWriting: true });
      return kubectl(argv, input);
    };
    const { error } = await run(hanging, { allNamespaces: true });
    expect(stored().map(({ metadata }) => metadata.namespace)).toEqual(['default']);
    expect(error?.message).toBe('kubectl could not write all of 2 Endpoints objects; not written: slow/web');
    expect(error?.evidence).toBe('kubectl apply -f -: no answer within 30 s');
  });

  test('the next run writes the rest', async () => {
    const first = cluster([web, api, a], { refuses: ['api'] });
    await run(first.kubectl);
    const second = cluster([web, api, a, ...first.endpoints()]);
    expect((await run(second.kubectl)).stdout).toBe('endpoints/web unchanged\nendpoints/api created\n');
  });

  test('unexpected warnings of kubectl are shown, the expected ones are not', async () => {
    const { kubectl } = cluster([web, a]);
    const warning: Kubectl = async (argv, input) => {
      const result = await kubectl(argv, input);
      return argv[0] === 'apply' ? { ...result, stderr: `${result.stderr}Warning: spec is unusual\n` } : result;
    };
    expect((await run(warning)).stderr).toBe('Warning: spec is unusual\n');
  });
});
