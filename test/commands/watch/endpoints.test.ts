import { describe, expect, test, vi } from 'vitest';
import type { ClusterKind } from '../../../src/cluster/kinds.js';
import type { Kubectl } from '../../../src/cluster/kubectl-command.js';
import type { ClusterStore, ObjectChange } from '../../../src/cluster/store.js';
import { keepEndpoints } from '../../../src/commands/watch/keep-endpoints.js';
import { createLog } from '../../../src/output/log.js';
import { defaultTiming } from '../../../src/sync/loop.js';
import { type FakeOptions, fakeCluster } from '../../cluster/fake-kubectl.js';
import { pod, service } from '../../cluster/objects-for-tests.js';

const kindIn = (object: object): ClusterKind => (object as { readonly kind: ClusterKind }).kind;
const raw = (value: object) => ({ source: 'test', value });

/** Nothing comes by itself within a test, and what does is quick. */
const timing = { ...defaultTiming, debounceMilliseconds: 5, periodMilliseconds: 3_600_000, firstRetryMilliseconds: 1 };

interface Setting extends FakeOptions {
  readonly services?: readonly string[];
  /** Between kproxy and the fake kubectl. */
  readonly through?: (kubectl: Kubectl) => Kubectl;
}

/** `endpoints --watch` of a cluster with these objects, until it is told to stop. What it writes comes back as events, as from the API server. */
function watching(objects: readonly object[], { services = [], through = one => one, ...options }: Setting = {}) {
  const cluster = fakeCluster([], options);
  const lines: string[] = [];
  const feed = { isClosed: false };
  let known:
    | { readonly store: ClusterStore; readonly onChanges: (changes: readonly ObjectChange[]) => void }
    | undefined;
  const take = (...some: readonly object[]): void =>
    known?.onChanges(some.flatMap(object => known?.store.put(kindIn(object), raw(object)) ?? []));
  const kubectl: Kubectl = async (argv, input) => {
    const result = await cluster.kubectl(argv, input);
    if (input !== undefined) take(...cluster.endpoints().map(object => ({ apiVersion: 'v1', ...object })));
    return result;
  };
  const stop = new AbortController();
  const outcome = keepEndpoints(
    {
      services,
      namespace: undefined,
      kubectl: through(kubectl),
      timing,
      follow: async (store, onChanges) => {
        for (const object of objects) store.put(kindIn(object), raw(object));
        known = { store, onChanges };
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
    take,
    addressesOf,
    remove: (object: object) => known?.onChanges(known.store.remove(kindIn(object), raw(object))),
    lines: () => lines.map(line => line.replaceAll('1970-01-01T00:00:00.000Z ', '')),
    writes: () => cluster.calls.filter(call => call.endsWith('-f -')),
    until: (isSo: () => boolean) => vi.waitUntil(isSo, { interval: 1, timeout: 20_000 }),
    untilWritten: (count: number) =>
      vi.waitUntil(() => cluster.inputs.length >= count, { interval: 1, timeout: 20_000 }),
    stop: () => {
      stop.abort();
      return outcome;
    },
  };
}

/** Lets everything that is due within milliseconds happen. */
const quiet = () => new Promise(resolve => setTimeout(resolve, 40));

const web = service('web');
const api = service('api');
const a = pod('a', '10.244.1.3');
const b = pod('b', '10.244.1.4');
const other = pod('c', '10.244.1.5', { labels: { app: 'api' } });

test('writes what is missing, then each change, and ends with 0', async () => {
  const watch = watching([web, api, a, other]);
  await watch.untilWritten(1);
  expect([watch.addressesOf('web'), watch.addressesOf('api')]).toEqual([['10.244.1.3'], ['10.244.1.5']]);
  watch.take(b);
  await watch.untilWritten(2);
  expect(watch.addressesOf('web')).toEqual(['10.244.1.3', '10.244.1.4']);
  watch.take(pod('a', '10.244.1.3', { ready: false }));
  await watch.untilWritten(3);
  expect(watch.addressesOf('web')).toEqual(['10.244.1.4']);
  watch.remove(b);
  await watch.untilWritten(4);
  expect(watch.addressesOf('web')).toEqual([]);
  expect(await watch.stop()).toEqual({ exitCode: 0 });
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

test('its own writing, which comes back as an event, is no reason to write again', async () => {
  const watch = watching([web, a]);
  await watch.untilWritten(1);
  await quiet();
  await watch.stop();
  expect(watch.writes()).toEqual(['apply -f -']);
});

test('Pods that come together are one write of one process', async () => {
  const watch = watching([web, api]);
  await watch.untilWritten(1);
  watch.take(a);
  watch.take(b);
  watch.take(other);
  await watch.untilWritten(2);
  await quiet();
  await watch.stop();
  expect(watch.writes()).toHaveLength(2);
  expect([watch.addressesOf('web'), watch.addressesOf('api')]).toEqual([['10.244.1.3', '10.244.1.4'], ['10.244.1.5']]);
});

describe('what is nobody’s business', () => {
  test('a Pod that no Service selects, or whose change makes no difference', async () => {
    const watch = watching([web, a]);
    await watch.untilWritten(1);
    watch.take(pod('x', '10.244.1.9', { labels: { app: 'none' } }));
    watch.take(pod('a', '10.244.1.3', { metadata: { annotations: { heartbeat: '2' } } }));
    watch.take(pod('y', '10.244.1.8', { namespace: 'other' }));
    await quiet();
    await watch.stop();
    expect(watch.writes()).toHaveLength(1);
  });

  test('Services that were not named', async () => {
    const watch = watching([web, api, a, other], { services: ['api'] });
    await watch.untilWritten(1);
    watch.take(b);
    await quiet();
    await watch.stop();
    expect(watch.addressesOf('web')).toBe(undefined);
    expect(watch.addressesOf('api')).toEqual(['10.244.1.5']);
  });

  test('Services without a selector', async () => {
    const watch = watching([service('web', { selector: undefined }), a]);
    await quiet();
    await watch.stop();
    expect(watch.writes()).toEqual([]);
    expect(watch.lines().filter(line => line.startsWith('warning'))).toEqual([]);
  });
});

test('what somebody else has written into the object is put right', async () => {
  const watch = watching([web, a]);
  await watch.untilWritten(1);
  const spoilt = { ...watch.cluster.endpoints()[0], apiVersion: 'v1', subsets: [] };
  watch.take(spoilt);
  await watch.untilWritten(2);
  await watch.stop();
  expect(watch.addressesOf('web')).toEqual(['10.244.1.3']);
});

test('a Service whose selector changes gets the other Pods', async () => {
  const watch = watching([web, a, other]);
  await watch.untilWritten(1);
  watch.take(service('web', { selector: { app: 'api' } }));
  await watch.untilWritten(2);
  await watch.stop();
  expect(watch.addressesOf('web')).toEqual(['10.244.1.5']);
});

test('a Service that goes leaves its object to whoever deletes it', async () => {
  const watch = watching([web, a]);
  await watch.untilWritten(1);
  watch.remove(web);
  watch.take(b);
  await quiet();
  await watch.stop();
  expect(watch.writes()).toHaveLength(1);
});

describe('what goes wrong', () => {
  test('kubectl fails: it is told, and all that is missing is written by the next try', async () => {
    let failures = 2;
    const watch = watching([web, a], {
      through: kubectl => async (argv, input) => {
        if (input === undefined || failures === 0) return kubectl(argv, input);
        failures -= 1;
        return { stdout: '', stderr: 'error: the connection was refused\n', exitCode: 1 };
      },
    });
    await watch.untilWritten(1);
    await watch.stop();
    expect(watch.addressesOf('web')).toEqual(['10.244.1.3']);
    const said = watch.lines().join('\n');
    expect(said).toContain('error: kubectl could not write all of 1 Endpoints object; not written: default/web');
    expect(said).toContain('error: error: the connection was refused');
    expect(said).toContain('error: trying again in 0.001 s');
    expect(said).toContain('error: trying again in 0.002 s');
  });

  test('one object that the API server refuses does not hold up the others', async () => {
    const watch = watching([web, api, a, other], { refuses: ['api'] });
    await watch.until(() => watch.addressesOf('web') !== undefined);
    watch.take(b);
    await watch.until(() => watch.addressesOf('web')?.length === 2);
    await watch.stop();
    expect(watch.addressesOf('api')).toBe(undefined);
    expect(watch.lines().join('\n')).toContain('not written: default/api');
  });

  test('a Pod that cannot be used: its Services’ objects stay as they are, others are written, and it is told once', async () => {
    const watch = watching([web, api, a, other]);
    await watch.untilWritten(1);
    watch.take(pod('b', '10.0.0.300'));
    watch.take(service('web', { selector: { app: 'web' } }, { labels: { a: 'b' } }));
    watch.take(pod('d', '10.244.1.6', { labels: { app: 'api' } }));
    await watch.untilWritten(2);
    watch.take(service('web', { selector: { app: 'web' } }, { labels: { a: 'c' } }));
    await quiet();
    await watch.stop();
    expect(watch.addressesOf('web')).toEqual(['10.244.1.3']);
    expect(watch.addressesOf('api')).toEqual(['10.244.1.5', '10.244.1.6']);
    expect(watch.lines().filter(line => line.startsWith('warning: '))).toEqual([
      'warning: test: Pod default/b: status.podIP: is not an IP address: "10.0.0.300"; status.podIPs[0].ip: is not an IP address: "10.0.0.300"',
      'warning: endpoints/web is left as it is: Pod "b" cannot be used',
    ]);
  });
});
