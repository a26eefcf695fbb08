import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { logSyncs } from '../../../src/commands/watch/log-syncs.js';
import { createLog } from '../../../src/output/log.js';
import { serviceObject } from '../../support/sample-objects.js';
import { programmedNode, sliceObject } from '../../sync/support/programmed-node.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const web = serviceObject('web', '10.96.0.1');
const slice = sliceObject('web', ['10.244.1.3']);

/** Writes each version of objects to a node with one good Service, one a second, and returns what is logged. */
async function logOf(versions: readonly (readonly object[])[]): Promise<readonly string[]> {
  const lines: string[] = [];
  const log = createLog({ format: 'text', isVerbose: false, write: text => lines.push(text), now: () => new Date(0) });
  const observer = logSyncs(log, 'inajob');
  const node = await programmedNode([web, slice]);
  node.store.unread.add('Node');
  for (const version of versions) {
    const result = await node.put(...version);
    observer.onObjects?.(node.store);
    observer.onSynced?.({ result, changes: [], isWhole: false, milliseconds: 1 }, node.store);
    vi.advanceTimersByTime(1_000);
  }
  expect(node.ipvs()).toContain('-A -t 10.96.0.1:80 -s rr');
  return lines.filter(line => line.includes('warning'));
}

const inNamespace = (object: object, namespace: string): object => {
  const { metadata } = object as { readonly metadata: object };
  return { ...object, metadata: { ...metadata, namespace } };
};

/** A Service with a thousand invalid ports, and 200 kB of text that differs from version to version. */
const largeBad = (version: number): object =>
  serviceObject('evil', '10.96.0.9', {
    ports: Array.from({ length: 1_000 }, (_, index) => ({
      port: 70_000 + index,
      name: `${version}-${'x'.repeat(200)}`,
    })),
  });

/** A Service that is valid, and whose annotation is none of the schedulers. */
const odd = (version: number): object => ({
  ...serviceObject('odd', '10.96.0.8'),
  metadata: {
    name: 'odd',
    namespace: 'default',
    annotations: { 'kube-router.io/service.scheduler': `${version}${'x'.repeat(100_000)}` },
  },
});

describe.each([
  ['an invalid Service', largeBad],
  ['a valid Service with a bad annotation', odd],
  [
    'an EndpointSlice of nobody',
    (version: number) => sliceObject(`nobody-${version}`, ['10.0.0.1'], { port: 70_000 + version, name: 'x' }),
  ],
])('60 rewrites of %s', (_, versionOf) => {
  test('are a few short lines', async () => {
    const lines = await logOf(Array.from({ length: 60 }, (_, version) => [versionOf(version)]));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(20);
    expect(lines.join('').length).toBeLessThan(10_000);
    for (const line of lines) expect(line).toMatch(/^[^\n]{1,2100}\n$/);
  });
});

test('ten objects that are wrong once are all named', async () => {
  const names = Array.from({ length: 10 }, (_, index) => `bad-${index}`);
  const lines = await logOf(names.map(name => [serviceObject(name, '10.96.0.300')]));
  expect(lines).toHaveLength(10);
  for (const name of names) expect(lines.join('')).toContain(`default/${name}: spec.clusterIP`);
});

test('a thousand bad objects of one namespace hide none of another one', async () => {
  const evil = Array.from({ length: 1_000 }, (_, index) =>
    inNamespace(serviceObject(`x${index}`, '10.96.0.300'), 'evil'),
  );
  const lines = await logOf([evil, [serviceObject('api', '10.96.0.300')]]);
  expect(lines.join('')).toContain('default/api: spec.clusterIP');
  expect(lines.join('')).toContain('980 more objects');
  expect(lines.length).toBeLessThan(30);
});
