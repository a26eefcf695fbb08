import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkObjects } from '../../src/cluster/check.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import { readClusterFiles } from '../../src/cluster/files.js';
import { readClusterWithKubectl } from '../../src/cluster/kubectl.js';
import type { Kubectl } from '../../src/cluster/kubectl-command.js';
import { objectsOf } from '../../src/cluster/objects.js';
import { KproxyError } from '../../src/errors.js';
import { listOf, pod, service } from './objects-for-tests.js';

const source = 'kubectl get --raw /api/v1/services';
const successful = (stdout: string) => ({ stdout, stderr: '', exitCode: 0 });
/** A kubectl that answers each request with this text. */
const kubectlWith =
  (stdout: string): Kubectl =>
  async () =>
    successful(stdout);
const readAnswer = (text: string) => readClusterWithKubectl(kubectlWith(text), { kinds: ['Service'] });
const readStdin = (text: string) => readClusterFiles(['-'], async () => text);

/** Returns the cluster, or the code and message of a KproxyError. */
const outcomeOf = (reading: Promise<Cluster>) =>
  reading.catch(error => {
    if (!(error instanceof KproxyError)) throw error;
    return { code: error.code, message: error.message };
  });
const isError = (outcome: object): boolean => 'code' in outcome;

/** Returns the cluster of a list's text, with JSON.parse and nothing else, or undefined if it is no complete list. */
function expectedCluster(text: string): Cluster | undefined {
  try {
    return checkObjects(objectsOf({ source, value: JSON.parse(text) })).cluster;
  } catch {
    return undefined;
  }
}

const name = fc.oneof(
  fc.constantFrom('items', 'kind', 'apiVersion', 'metadata', 'continue', '__proto__', '"items":[{', '},{"kind":'),
  fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', ' ', '\n', 'a', 'é', '☃') }),
);
const { json } = fc.letrec<{ json: unknown }>(tie => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(name, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(true, null)),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(name, tie('json'), { maxKeys: 3 }),
  ),
}));

const kind = fc.constantFrom('Service', 'Pod', 'ConfigMap');
const object = fc.record(
  { kind, apiVersion: fc.constant('v1'), metadata: json, spec: json },
  { requiredKeys: ['kind', 'apiVersion'] },
);
const fields = (item: fc.Arbitrary<unknown>) => ({
  kind: fc.constantFrom('List', 'ServiceList'),
  apiVersion: fc.constant('v1'),
  items: fc.array(item, { maxLength: 6 }),
});
const listWithin = fc.record(fields(object));
/** An item of a typed list, which leaves out the kind. */
const bareObject = fc.record({ metadata: json, spec: json });
const inAnyOrder = (value: object): fc.Arbitrary<object> =>
  fc.shuffledSubarray(Object.entries(value), { minLength: Object.keys(value).length }).map(Object.fromEntries);

const item = fc.oneof(
  { weight: 20, arbitrary: object },
  { weight: 2, arbitrary: listWithin },
  { weight: 1, arbitrary: bareObject },
  { weight: 1, arbitrary: json },
);
const metadata = fc.oneof(fc.constantFrom({}, { continue: 'a' }, { resourceVersion: '1' }), json);
const anyList = fc
  .record({ ...fields(item), metadata, more: json }, { requiredKeys: ['kind', 'apiVersion', 'items'] })
  .chain(value => fc.oneof(fc.constant(value), inAnyOrder(value)));

/** Writes JSON with the texts of `spaces`, one after another, between the tokens. */
function written(value: unknown, spaces: readonly string[]): string {
  let used = 0;
  const space = () => spaces[used++ % spaces.length] ?? '';
  const write = (part: unknown): string => {
    if (typeof part !== 'object' || part === null) return space() + JSON.stringify(part) + space();
    if (Array.isArray(part)) return `${space()}[${part.length === 0 ? space() : part.map(write).join(',')}]${space()}`;
    const entries = Object.entries(part).map(
      ([key, field]) => `${space()}${JSON.stringify(key)}${space()}:${write(field)}`,
    );
    return `${space()}{${entries.join(',') || space()}}${space()}`;
  };
  return write(value);
}

const spaces = fc.array(fc.constantFrom('', '', ' ', '\n', '\n  ', '\t', '\r\n'), { minLength: 1, maxLength: 7 });
const textOf = (list: fc.Arbitrary<object>) =>
  fc.oneof(
    fc.tuple(list, spaces).map(([value, between]) => written(value, between)),
    fc.tuple(list, fc.constantFrom(0, 1, 4, '\t')).map(([value, indent]) => JSON.stringify(value, null, indent)),
  );

const corruption = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.constantFrom(0, 1),
  added: fc.constantFrom(
    '',
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    ' ',
    '0',
    'x',
    '\u00a0',
    '\ufeff',
    '"items":[],',
    '{}',
    'items',
  ),
});
const corrupted = fc
  .tuple(textOf(anyList), fc.array(corruption, { minLength: 1, maxLength: 2 }))
  .map(([text, corruptions]) =>
    corruptions.reduce((all, { at, removed, added }) => {
      const place = Math.floor(at * all.length);
      return all.slice(0, place) + added + all.slice(place + removed);
    }, text),
  );

describe('any list', () => {
  test('is read as JSON.parse reads it, or not at all', async () => {
    await fc.assert(
      fc.asyncProperty(textOf(anyList), async text => {
        const outcome = await outcomeOf(readAnswer(text));
        if (!isError(outcome)) expect(outcome).toEqual(expectedCluster(text));
      }),
      { numRuns: 500 },
    );
  });

  test('with a missing, additional or different character is read as JSON.parse reads it, or not at all', async () => {
    await fc.assert(
      fc.asyncProperty(corrupted, async text => {
        const outcome = await outcomeOf(readAnswer(text));
        if (!isError(outcome)) expect(outcome).toEqual(expectedCluster(text));
      }),
      { numRuns: 4000 },
    );
  });

  test('is the same in pages of any size', async () => {
    const wellFormed = fc.record(fields(fc.oneof(object, listWithin)));
    await fc.assert(
      fc.asyncProperty(wellFormed, fc.integer({ min: 1, max: 7 }), async (list, size) => {
        const kubectl: Kubectl = async argv => {
          const start = Number(/continue=(\d+)/.exec(argv.at(-1) ?? '')?.[1] ?? 0);
          const next = start + size < list.items.length ? String(start + size) : undefined;
          const items = list.items.slice(start, start + size);
          return successful(JSON.stringify({ ...list, metadata: { continue: next }, items }));
        };
        const cluster = await readClusterWithKubectl(kubectl, { kinds: ['Service'] });
        expect(cluster).toEqual(expectedCluster(JSON.stringify(list)));
      }),
    );
  });
});

describe('an answer of kubectl', () => {
  const web = service('web');
  const header = '"apiVersion":"v1","kind":"List"';
  const inList = (text: string) => `{${header},"items":[${text}]}`;
  const one = JSON.stringify(web);
  const other = JSON.stringify(service('api'));
  const podWithOwners = (name: string) => ({
    ...pod(name, '10.244.1.3'),
    metadata: { name, ownerReferences: [{ apiVersion: 'v1' }, { apiVersion: 'v1' }] },
  });

  test.each([
    [
      'a List with its header last, as kubectl get -o json prints it',
      JSON.stringify({ apiVersion: 'v1', items: [web, service('api')], kind: 'List', metadata: {} }, null, 4),
      2,
    ],
    [
      'a typed list whose items have no kind',
      JSON.stringify({
        kind: 'ServiceList',
        apiVersion: 'v1',
        items: [web, service('api')].map(({ metadata, spec }) => ({ metadata, spec })),
      }),
      2,
    ],
    ['an empty list', inList(' '), 0],
    ['a list in a list', inList(`${one},${inList(other)}`), 2],
    ['strings with braces, quotes and backslashes', inList(JSON.stringify({ ...web, note: '}]{["\\' })), 1],
    ['objects with objects in them', inList(['a', 'b'].map(name => JSON.stringify(podWithOwners(name))).join(',')), 2],
    ['spaces everywhere', ` {${header} , "items" : [ ${one} , ${other} ] } \n`, 2],
  ])('may be %s', async (_, text, count) => {
    const { services, pods, invalid } = await readAnswer(text);
    expect([services.length + pods.length, invalid]).toEqual([count, []]);
    expect(await readStdin(text)).toEqual(await readAnswer(text));
  });

  test.each([
    ['once more', `{${header},"items":[${one}],"items":[]}`],
    ['once with an escape', `{${header},"items":[${one}],"\\u0069tems":[]}`],
  ])('may have items that come twice, %s: the last ones count. A file may not', async (_, text) => {
    expect((await readAnswer(text)).services).toEqual([]);
    await expect(readStdin(text)).rejects.toThrow('the key "items" is there twice in one object');
  });

  test.each([
    ['items deeper in the object', `{${header},"data":{"items":[${one}]}}`, undefined],
    ['a list in an array', `[${inList(one)}]`, 'list-incomplete'],
    ['an item that is no object', inList(`${one},1`), 'input-malformed'],
    ['an item without a kind', inList(`${one},{}`), 'input-malformed'],
    ['a trailing comma', inList(`${one},`), 'list-incomplete'],
    ['two commas', inList(`${one},,${one}`), 'list-incomplete'],
    ['a comma before the first item', inList(`,${one}`), 'list-incomplete'],
    ['no comma', inList(`${one} ${one}`), 'list-incomplete'],
    ['a truncated item', `{${header},"items":[${one.slice(0, -1)}`, 'list-incomplete'],
    ['a list truncated after an item', `{${header},"items":[${one}`, 'list-incomplete'],
    ['a list truncated after its items', `{${header},"items":[${one}]`, 'list-incomplete'],
    ['text after the list', `${inList(one)} x`, 'list-incomplete'],
    ['another list after it', inList(one) + inList(one), 'list-incomplete'],
    ['an object that is no list', one, 'list-incomplete'],
    ['nothing', '', 'list-incomplete'],
    ['items of an object that is no list', `{"apiVersion":"v1","kind":"Box","items":[${one}]}`, 'list-incomplete'],
  ])('with %s brings no object', async (_, text, code) => {
    const outcome = await outcomeOf(readAnswer(text));
    expect('code' in outcome ? outcome.code : undefined).toBe(code);
    if (!('code' in outcome)) expect(outcome).toEqual(expectedCluster(JSON.stringify(listOf())));
  });
});

describe('a large list', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kproxy-lists-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const many = Array.from({ length: 1000 }, (_, index) =>
    service(`web-${index}`, {}, { annotations: { note: '€'.repeat(5000) } }),
  );
  const large = JSON.stringify(listOf(...many));
  const summaryOf = (outcome: Awaited<ReturnType<typeof outcomeOf>>) =>
    'code' in outcome ? outcome.code : { valid: outcome.services.length, invalid: outcome.invalid.length };

  test.each([
    ['as it is', large, { valid: 1000, invalid: 0 }],
    ['with an object without a kind', large.replace('"kind":"Service",', ''), 'input-malformed'],
    ['with an invalid object', large.replace('"port":80,', '"port":0,'), { valid: 999, invalid: 1 }],
    ['of which more follows', large.replace('"items"', '"metadata":{"continue":"a"},"items"'), 'list-incomplete'],
    ['with another document after it', large + JSON.stringify(service('last')), { valid: 1001, invalid: 0 }],
    ['with a missing brace', large.slice(0, 3e6) + large.slice(3e6).replace('}', ''), 'input-malformed'],
    ['with a missing colon', large.replace('"items":', '"items"'), 'input-malformed'],
    ['truncated', large.slice(0, 4.5e6), 'input-malformed'],
  ])('%s', async (_, text, expected) => {
    const file = join(folder, 'large.json');
    writeFileSync(file, text);
    expect(summaryOf(await outcomeOf(readClusterFiles([file], async () => '')))).toEqual(expected);
    if (expected !== 'input-malformed') expect(summaryOf(await outcomeOf(readStdin(text)))).toEqual(expected);
  });

  test('through kubectl, in pages', async () => {
    const page = (items: readonly object[], next?: string) =>
      successful(JSON.stringify({ kind: 'ServiceList', apiVersion: 'v1', metadata: { continue: next }, items }));
    const bareItems = many.map(({ metadata, spec }) => ({ metadata, spec }));
    const kubectl: Kubectl = async argv =>
      argv.at(-1)?.endsWith('&continue=a') ? page([service('last')]) : page(bareItems, 'a');
    const { services } = await readClusterWithKubectl(kubectl, { kinds: ['Service'] });
    expect(services).toEqual(expectedCluster(JSON.stringify(listOf(...many, service('last'))))?.services);
  });

  test('an invalid object in one file is reported after an unreadable text in another', async () => {
    writeFileSync(join(folder, 'a.json'), JSON.stringify(listOf({})));
    writeFileSync(join(folder, 'b.json'), '{');
    const paths = [join(folder, 'a.json'), join(folder, 'b.json')];
    expect(await outcomeOf(readClusterFiles(paths, async () => ''))).toMatchObject({
      message: expect.stringContaining('b.json: line 1'),
    });
  });
});
