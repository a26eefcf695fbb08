import { describe, expect, test, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { ClusterKind } from '../../../src/cluster/kinds.js';
import type { Kubectl } from '../../../src/cluster/kubectl-command.js';
import { kubectlHangs } from '../../../src/cluster/kubectl-error.js';
import type { ClusterStore, ObjectChange } from '../../../src/cluster/store.js';
import { keepEndpoints } from '../../../src/commands/watch/keep-endpoints.js';
import { createLog } from '../../../src/output/log.js';
import { defaultTiming, type LoopTiming } from '../../../src/sync/loop.js';
import { type FakeOptions, fakeCluster } from '../../cluster/fake-kubectl.js';
import { pod, service } from '../../cluster/objects-for-tests.js';

const kindIn = (object: object): ClusterKind => (object as { readonly kind: ClusterKind }).kind;
const raw = (value: object) => ({ source: 'test', value });

/** No resync happens within a test, and retries are quick. */
const timing = { ...defaultTiming, debounceMilliseconds: 5, periodMilliseconds: 3_600_000, firstRetryMilliseconds: 1 };

interface Setting extends FakeOptions {
  readonly services?: readonly string[];
  readonly timing?: LoopTiming;
  /** Wraps the fake kubectl. */
  readonly wrapKubectl?: (kubectl: Kubectl) => Kubectl;
}

/**
 * Starts `endpoints --watch` on a cluster with these objects. Objects that it writes return as events, as from the API
 * server.
 */
function startWatch(
  objects: readonly object[],
  { services = [], wrapKubectl = one => one, timing: pauses = timing, ...options }: Setting = {},
) {
  const cluster = fakeCluster([], options);
  const lines: string[] = [];
  const feed = { isClosed: false };
  let target:
    | { readonly store: ClusterStore; readonly onChanges: (changes: readonly ObjectChange[]) => void }
    | undefined;
  const put = (...some: readonly object[]): void =>
    target?.onChanges(some.flatMap(object => target?.store.put(kindIn(object), raw(object)) ?? []));
  const kubectl: Kubectl = async (argv, input) => {
    const result = await cluster.kubectl(argv, input);
    if (input !== undefined) put(...cluster.endpoints().map(object => ({ apiVersion: 'v1', ...object })));
    return result;
  };
  const stop = new AbortController();
  const outcome = keepEndpoints(
    {
      services,
      namespace: undefined,
      kubectl: wrapKubectl(kubectl),
      timing: pauses,
      follow: async (store, onChanges) => {
        for (const object of objects) store.put(kindIn(object), raw(object));
        target = { store, onChanges };
        return {
          close: async () => {
            feed.isClosed = true;
          },
        };
      },
    },
    createLog({ format: 'text', isVerbose: false, write: text => lines.push(text.trimEnd()), now: () => new Date(0) }),
    stop.signal,
  );
  const addressesOf = (name: string): readonly string[] | undefined => {
    const found = cluster.endpoints().find(({ metadata }) => metadata.name === name) as
      | { readonly subsets?: readonly { readonly addresses?: readonly { readonly ip: string }[] }[] | null }
      | undefined;
    return found && (found.subsets ?? []).flatMap(({ addresses }) => addresses?.map(({ ip }) => ip) ?? []);
  };
  return {
    cluster,
    feed,
    put,
    addressesOf,
    remove: (object: object) => target?.onChanges(target.store.remove(kindIn(object), raw(object))),
    lines: () => lines.map(line => line.replaceAll('1970-01-01T00:00:00.000Z ', '')),
    /** The names in each write, without sentinels. */
    writes: () => cluster.inputs.map(namesIn).filter(names => names.length > 0),
    /** Waits until all changes so far are reconciled: writes run in order, and the sentinel comes last. */
    untilReconciled: async () => {
      put(service(sentinel, { selector: { app: sentinel } }));
      await vi.waitUntil(() => addressesOf(sentinel) !== undefined, { interval: 1, timeout: 20_000 });
    },
    until: (condition: () => boolean) => vi.waitUntil(condition, { interval: 1, timeout: 20_000 }),
    untilWritten: (count: number) =>
      vi.waitUntil(() => cluster.inputs.length >= count, { interval: 1, timeout: 20_000 }),
    stop: () => {
      stop.abort();
      return outcome;
    },
  };
}

/** A Service that only `untilReconciled` adds. */
const sentinel = 'sentinel';

const namesIn = (manifests: string): readonly unknown[] =>
  parseAllDocuments(manifests)
    .map(document => document.getIn(['metadata', 'name']))
    .filter(name => name !== sentinel);

const web = service('web');
const api = service('api');
const a = pod('a', '10.244.1.3');
const b = pod('b', '10.244.1.4');
const other = pod('c', '10.244.1.5', { labels: { app: 'api' } });

test('writes missing objects, then each change, and ends as done', async () => {
  const watch = startWatch([web, api, a, other]);
  await watch.untilWritten(1);
  expect([watch.addressesOf('web'), watch.addressesOf('api')]).toEqual([['10.244.1.3'], ['10.244.1.5']]);
  watch.put(b);
  await watch.untilWritten(2);
  expect(watch.addressesOf('web')).toEqual(['10.244.1.3', '10.244.1.4']);
  watch.put(pod('a', '10.244.1.3', { ready: false }));
  await watch.untilWritten(3);
  expect(watch.addressesOf('web')).toEqual(['10.244.1.4']);
  watch.remove(b);
  await watch.untilWritten(4);
  expect(watch.addressesOf('web')).toEqual([]);
  expect(await watch.stop()).toBe('done');
  expect(watch.feed.isClosed).toBe(true);
  expect(watch.lines()).toEqual([
    'following the cluster (Services: 2, Pods: 2)',
    'endpoints/web created',
    'endpoints/api created',
    'endpoints/web configured',
    'endpoints/web configured',
    'endpoints/web configured',
    'stopped; the Endpoints objects stay',
  ]);
});

test('the event of its own write causes no further write', async () => {
  const watch = startWatch([web, a]);
  await watch.untilWritten(1);
  await watch.untilReconciled();
  await watch.stop();
  expect(watch.writes()).toEqual([['web']]);
});

test('Pods that arrive together cause one write by one process', async () => {
  const watch = startWatch([web, api]);
  await watch.untilWritten(1);
  watch.put(a);
  watch.put(b);
  watch.put(other);
  await watch.untilWritten(2);
  await watch.untilReconciled();
  await watch.stop();
  expect(watch.writes()).toEqual([
    ['web', 'api'],
    ['web', 'api'],
  ]);
  expect([watch.addressesOf('web'), watch.addressesOf('api')]).toEqual([['10.244.1.3', '10.244.1.4'], ['10.244.1.5']]);
});

describe('ignores', () => {
  test('a Pod that no Service selects, and a change of a Pod that makes no difference', async () => {
    const watch = startWatch([web, a]);
    await watch.untilWritten(1);
    watch.put(pod('x', '10.244.1.9', { labels: { app: 'none' } }));
    watch.put(pod('a', '10.244.1.3', { metadata: { annotations: { heartbeat: '2' } } }));
    watch.put(pod('y', '10.244.1.8', { namespace: 'other' }));
    await watch.untilReconciled();
    await watch.stop();
    expect(watch.writes()).toEqual([['web']]);
  });

  test('Services that are not named', async () => {
    const watch = startWatch([web, api, a, other], { services: ['api', sentinel] });
    await watch.untilWritten(1);
    watch.put(b);
    await watch.untilReconciled();
    await watch.stop();
    expect(watch.addressesOf('web')).toBe(undefined);
    expect(watch.addressesOf('api')).toEqual(['10.244.1.5']);
  });

  test('Services without a selector', async () => {
    const watch = startWatch([service('web', { selector: undefined }), a]);
    await watch.untilReconciled();
    await watch.stop();
    expect(watch.writes()).toEqual([]);
    expect(watch.lines().filter(line => line.startsWith('warning'))).toEqual([]);
  });
});

test('an object that other software has changed is corrected', async () => {
  const watch = startWatch([web, a]);
  await watch.untilWritten(1);
  const foreign = { ...watch.cluster.endpoints()[0], apiVersion: 'v1', subsets: [] };
  watch.put(foreign);
  await watch.untilWritten(2);
  await watch.stop();
  expect(watch.addressesOf('web')).toEqual(['10.244.1.3']);
});

test('a Service whose selector changes gets the Pods of the new selector', async () => {
  const watch = startWatch([web, a, other]);
  await watch.untilWritten(1);
  watch.put(service('web', { selector: { app: 'api' } }));
  await watch.untilWritten(2);
  await watch.stop();
  expect(watch.addressesOf('web')).toEqual(['10.244.1.5']);
});

test('the object of a deleted Service is not written', async () => {
  const watch = startWatch([web, a]);
  await watch.untilWritten(1);
  watch.remove(web);
  watch.put(b);
  await watch.untilReconciled();
  await watch.stop();
  expect(watch.writes()).toEqual([['web']]);
});

describe('reports', () => {
  test('a failure of kubectl, and writes all missing objects on the next attempt', async () => {
    let failures = 2;
    const watch = startWatch([web, a], {
      wrapKubectl: kubectl => async (argv, input) => {
        if (input === undefined || failures === 0) return kubectl(argv, input);
        failures -= 1;
        return { stdout: '', stderr: 'error: the connection was refused\n', exitCode: 1 };
      },
    });
    await watch.untilWritten(1);
    await watch.stop();
    expect(watch.addressesOf('web')).toEqual(['10.244.1.3']);
    const log = watch.lines().join('\n');
    expect(log).toContain('error: kubectl could not write all of 1 Endpoints object; not written: default/web');
    expect(log).toContain('error:   error: the connection was refused');
    expect(log).toContain('error: retrying in 0.001 s');
    expect(log).toContain('error: retrying in 0.002 s');
  });

  test('an object that the API server refuses, and writes the others', async () => {
    const watch = startWatch([web, api, a, other], { refuses: ['api'] });
    await watch.until(() => watch.addressesOf('web') !== undefined);
    watch.put(b);
    await watch.until(() => watch.addressesOf('web')?.length === 2);
    await watch.stop();
    expect(watch.addressesOf('api')).toBe(undefined);
    expect(watch.lines().filter(line => line.startsWith('warning'))).toEqual([
      'warning: 1 Endpoints object cannot be written and will be tried again: default/api: The Endpoints "api" is ' +
        'invalid: subsets: refused',
    ]);
  });

  test('an invalid Pod once, leaves its Services’ objects unchanged, and writes the others', async () => {
    const watch = startWatch([web, api, a, other]);
    await watch.untilWritten(1);
    watch.put(pod('b', '10.0.0.300'));
    watch.put(service('web', { selector: { app: 'web' } }, { labels: { a: 'b' } }));
    watch.put(pod('d', '10.244.1.6', { labels: { app: 'api' } }));
    await watch.untilWritten(2);
    watch.put(service('web', { selector: { app: 'web' } }, { labels: { a: 'c' } }));
    await watch.untilReconciled();
    await watch.stop();
    expect(watch.addressesOf('web')).toEqual(['10.244.1.3']);
    expect(watch.addressesOf('api')).toEqual(['10.244.1.5', '10.244.1.6']);
    expect(watch.lines().filter(line => line.startsWith('warning: '))).toEqual([
      'warning: test: Pod default/b: status.podIP: is not an IP address: "10.0.0.300"; status.podIPs[0].ip: is ' +
        'not an IP address: "10.0.0.300"',
      'warning: endpoints/web is left unchanged: Pod "b" is invalid',
    ]);
  });
});

describe('beside a namespace that is stuck in deletion', () => {
  const stuck = { namespace: 'stuck' };
  const stuckWeb = service('web', { selector: { app: 'web' } }, stuck);
  const stuckPod = pod('a', '10.244.9.1', stuck);
  const fast = { ...timing, drainMilliseconds: 1, lastRetryMilliseconds: 4 };
  const objectsIn = (watch: ReturnType<typeof startWatch>, namespace: string) =>
    watch.cluster.endpoints().filter(({ metadata }) => metadata.namespace === namespace);
  const warnings = (watch: ReturnType<typeof startWatch>) => watch.lines().filter(line => line.startsWith('warning'));

  test('the others’ objects are written at once, and the refused one is named once and written later', async () => {
    const terminating = new Set(['stuck']);
    const watch = startWatch([stuckWeb, web, stuckPod, a], { terminating, timing: fast });
    await watch.until(() => watch.cluster.inputs.filter(input => input.includes('stuck')).length > 5);
    expect(watch.addressesOf('web')).toEqual(['10.244.1.3']);
    watch.put(b);
    await watch.until(() => watch.addressesOf('web')?.length === 2);
    expect(warnings(watch)).toEqual([
      'warning: 1 Endpoints object cannot be written and will be tried again: stuck/web: Error from server ' +
        '(Forbidden): error when creating "STDIN": endpoints "web" is forbidden: unable to create new content in ' +
        'namespace stuck because it is being terminated',
    ]);
    expect(watch.lines()).toContain('endpoints/web created (namespace default)');
    terminating.clear();
    await watch.until(() => objectsIn(watch, 'stuck').length === 1);
    await watch.stop();
    expect(warnings(watch)).toHaveLength(1);
  });

  test('it is no longer tried when its Service is gone', async () => {
    const watch = startWatch([stuckWeb, web, stuckPod, a], { terminating: new Set(['stuck']), timing: fast });
    await watch.until(() => warnings(watch).length > 0);
    watch.remove(stuckWeb);
    await watch.untilReconciled();
    const attempts = () => watch.cluster.inputs.filter(input => input.includes('stuck')).length;
    const before = attempts();
    watch.put(b);
    await watch.until(() => watch.addressesOf('web')?.length === 2);
    expect(attempts()).toBeLessThanOrEqual(before + 1);
    await watch.stop();
  });

  test('a write that hangs in one namespace holds up no other one', async () => {
    let release = () => {};
    const hanging = new Promise<never>((_, reject) => {
      release = () => reject(kubectlHangs(['apply', '-f', '-'], { requestTimeout: 1, isWriting: true }));
    });
    let attempts = 0;
    const watch = startWatch([stuckWeb, web, stuckPod, a], {
      timing: fast,
      wrapKubectl: kubectl => async (argv, input) => {
        if (!input?.includes('stuck')) return kubectl(argv, input);
        attempts += 1;
        if (attempts > 2) return hanging;
        throw kubectlHangs(argv, { requestTimeout: 1, isWriting: true });
      },
    });
    await watch.until(() => attempts > 2);
    watch.put(b);
    await watch.until(() => watch.addressesOf('web')?.length === 2);
    expect(warnings(watch)).toEqual([
      'warning: 1 Endpoints object cannot be written and will be tried again: stuck/web: kubectl apply -f -: no ' +
        'answer within 0.001 s',
    ]);
    release();
    await watch.stop();
  });
});
