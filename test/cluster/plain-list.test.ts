import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkObjects } from '../../src/cluster/check.js';
import { readClusterFiles } from '../../src/cluster/files.js';
import { readClusterWithKubectl } from '../../src/cluster/kubectl.js';
import { objectsOf } from '../../src/cluster/objects.js';
import { parseDocuments } from '../../src/cluster/parse.js';
import { readPlainList } from '../../src/cluster/plain-list.js';
import { KproxyError } from '../../src/errors.js';
import { listOf, pod, service } from './objects-for-tests.js';

function* cut(text: string, length: number): Iterable<string> {
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length);
}

const plainly = (text: string, length = text.length) => readPlainList('test', cut(text, length), object => object);

/** What the text holds when it is parsed as a whole; `undefined` if it is no list that can be used. */
function wholly(text: string) {
  try {
    const value = JSON.parse(text);
    const { metadata, ...list } = value;
    const next = typeof metadata?.continue === 'string' ? metadata.continue : '';
    return list.kind.endsWith('List') ? { results: objectsOf({ source: 'test', value: list }), next } : undefined;
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
/** An object of an API server's typed list, which leaves out what the list says. */
const short = fc.record({ metadata: json, spec: json });
const inAnyOrder = (value: object): fc.Arbitrary<object> =>
  fc.shuffledSubarray(Object.entries(value), { minLength: Object.keys(value).length }).map(Object.fromEntries);

const item = fc.oneof(
  { weight: 20, arbitrary: object },
  { weight: 2, arbitrary: listWithin },
  { weight: 1, arbitrary: short },
  { weight: 1, arbitrary: json },
);
const metadata = fc.oneof(fc.constantFrom({}, { continue: 'a' }, { resourceVersion: '1' }), json);
const anyList = fc
  .record({ ...fields(item), metadata, more: json }, { requiredKeys: ['kind', 'apiVersion', 'items'] })
  .chain(value => fc.oneof(fc.constant(value), inAnyOrder(value)));

/** Writes JSON with what stands in `spaces`, one after another, between the tokens. */
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

const pieceLength = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constant(100_000));

describe('a list that is read a few items at a time', () => {
  test('is what it is when it is parsed as a whole', () => {
    fc.assert(
      fc.property(textOf(anyList), pieceLength, (text, length) => {
        const read = plainly(text, length);
        if (read !== undefined) expect(read).toEqual(wholly(text));
      }),
      { numRuns: 500 },
    );
  });

  test('also if a character of it is missing, one too many or another one', () => {
    fc.assert(
      fc.property(corrupted, pieceLength, (text, length) => {
        const read = plainly(text, length);
        if (read !== undefined) expect(read).toEqual(wholly(text));
      }),
      { numRuns: 4000 },
    );
  });

  test('is told from others wherever it is plain', () => {
    const orders = fc.constantFrom(
      ['kind', 'apiVersion', 'items'] as const,
      ['items', 'kind', 'apiVersion'] as const,
      ['apiVersion', 'items', 'kind'] as const,
    );
    const plain = fc
      .tuple(fc.record(fields(object)), orders)
      .map(([value, order]) => Object.fromEntries(order.map(key => [key, value[key]])));
    fc.assert(
      fc.property(textOf(plain), text => {
        expect(plainly(text)).toEqual(wholly(text));
        expect(plainly(text)).toBeDefined();
      }),
    );
  });
});

describe('what is plainly a list', () => {
  const web = service('web');
  const items = [web, pod('a', '10.244.1.3'), service('api')];
  const header = '"apiVersion":"v1","kind":"List"';
  const inList = (text: string) => `{${header},"items":[${text}]}`;
  const one = JSON.stringify(web);

  test.each([
    [
      'as kubectl get -o json writes it, header last',
      JSON.stringify({ apiVersion: 'v1', items, kind: 'List', metadata: {} }, null, 4),
      3,
    ],
    [
      'a typed list whose items do not say their kind',
      `{"kind":"ServiceList",${'"apiVersion":"v1"'},"items":[{"metadata":{}},{"metadata":{}}]}`,
      2,
    ],
    ['an empty list', inList(' '), 0],
    ['a list in a list', inList(`${one},${inList(`${one},${one}`)}`), 3],
    ['strings with braces, quotes and backslashes', inList(JSON.stringify({ ...web, note: '}]{["\\' })), 1],
    [
      'objects that all have a part that looks as if it was between two of them',
      inList(
        Array(3)
          .fill(
            JSON.stringify({
              apiVersion: 'v1',
              kind: 'Pod',
              metadata: { ownerReferences: [{ apiVersion: 'v1' }, { apiVersion: 'v1' }] },
            }),
          )
          .join(','),
      ),
      3,
    ],
    ['space wherever it may be', ` {${header} , "items" : [ ${one} , ${one} ] } \n`, 2],
  ])('%s', (_, text, count) => {
    expect(plainly(text)?.results).toHaveLength(count);
    for (const length of [1, 7, 100, text.length]) expect(plainly(text, length)).toEqual(wholly(text));
  });

  test('the token of the page that follows is given', () => {
    expect(plainly(`{"kind":"ServiceList","apiVersion":"v1","metadata":{"continue":"a+b"},"items":[]}`)?.next).toBe(
      'a+b',
    );
  });

  test.each([
    ['items that come twice', `{${header},"items":[${one}],"items":[]}`],
    ['items that come twice, once in disguise', `{${header},"items":[${one}],"\\u0069tems":[]}`],
    ['a kind that comes once more after the items', `{${header},"items":[${one}],"kind":"ServiceList"}`],
    ['items deeper in the object', `{${header},"data":{"items":[${one}]}}`],
    ['items in an array of lists', `[${inList(one)}]`],
    ['items of which one is no object', inList(`${one},1`)],
    ['items of which one has no kind', inList(`${one},{}`)],
    ['a comma too many', inList(`${one},`)],
    ['two commas', inList(`${one},,${one}`)],
    ['a comma before the first item', inList(`,${one}`)],
    ['no comma', inList(`${one} ${one}`)],
    ['an item that is cut off', `{${header},"items":[${one.slice(0, -1)}`],
    ['a list that is cut off after an item', `{${header},"items":[${one}`],
    ['a list that is cut off after its items', `{${header},"items":[${one}]`],
    ['text after the list', `${inList(one)} x`],
    ['another list after it', inList(one) + inList(one)],
    ['no list at all', one],
    ['nothing', ''],
    ['items of an object that is no list', `{"apiVersion":"v1","kind":"Box","items":[${one}]}`],
  ])('not: %s', (_, text) => {
    expect(plainly(text)).toBeUndefined();
  });
});

describe('the pieces', () => {
  const one = JSON.stringify(service('web'));

  test.each([
    ['are all read', `{"kind":"List","apiVersion":"v1","items":[${one},${one}]}`, true],
    ['are not all read where an item is wrong', `{"kind":"List","apiVersion":"v1","items":[${one},x${one}]}`, false],
  ])('%s, and given back', (_, text, isList) => {
    const state = { taken: 0, isClosed: false };
    function* pieces() {
      try {
        for (const piece of cut(text, 10)) {
          state.taken += piece.length;
          yield piece;
        }
      } finally {
        state.isClosed = true;
      }
    }
    expect(readPlainList('test', pieces(), () => 0) !== undefined).toBe(isList);
    expect(state).toEqual({ taken: isList ? text.length : expect.any(Number), isClosed: true });
    expect(state.taken === text.length).toBe(isList);
  });

  test('that cannot be read make no list', () => {
    function* pieces(): Iterable<string> {
      yield `{"kind":"List","apiVersion":"v1","items":[${one},`;
      throw new Error('EIO');
    }
    expect(readPlainList('test', pieces(), () => 0)).toBeUndefined();
  });
});

describe('files and stdin', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kproxy-lists-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const outcome = (reading: Promise<unknown>) =>
    reading.catch(error => {
      if (!(error instanceof KproxyError)) throw error;
      return { message: error.message, next: error.next, exitCode: error.exitCode };
    });

  async function asAWhole(source: string, text: string) {
    const objects = (await parseDocuments(source, text)).flatMap(objectsOf);
    return checkObjects(objects).cluster;
  }

  /** Long enough not to be parsed as a whole. */
  const many = Array.from({ length: 1000 }, (_, index) =>
    service(`web-${index}`, {}, { annotations: { note: '€'.repeat(5000) } }),
  );
  const cases: readonly (readonly [string, (large: string) => string])[] = [
    ['as it should be', large => large],
    ['with an object that says no kind', large => large.replace('"kind":"Service",', '')],
    ['with an object that cannot be used', large => large.replace('"port":80,', '"port":0,')],
    ['that is not whole', large => large.replace('"items"', '"metadata":{"continue":"a"},"items"')],
    ['with another document after it', large => large + JSON.stringify(service('last'))],
  ];
  const notJson: typeof cases = [
    ['with a brace missing in the middle', large => large.slice(0, 3e6) + large.slice(3e6).replace('}', '')],
    ['with a character missing', large => large.slice(0, 100) + large.slice(101)],
    ['cut off', large => large.slice(0, 4.5e6)],
  ];
  const large = JSON.stringify(listOf(...many));

  test.each([...cases, ...notJson])('a large file %s', async (_, change) => {
    const file = join(folder, 'large.json');
    writeFileSync(file, change(large));
    const whole = await outcome(asAWhole(file, change(large)));
    expect(await outcome(readClusterFiles([file], async () => ''))).toEqual(whole);
  });

  test.each(cases)('a large text on stdin %s', async (_, change) => {
    const whole = await outcome(asAWhole('stdin', change(large)));
    expect(await outcome(readClusterFiles(['-'], async () => change(large)))).toEqual(whole);
  });

  test('kubectl’s answer, in pages', async () => {
    const page = (items: readonly object[], next?: string) =>
      JSON.stringify({ kind: 'ServiceList', apiVersion: 'v1', metadata: { continue: next }, items });
    const short = many.map(({ metadata, spec }) => ({ metadata, spec }));
    const kubectl = async (argv: readonly string[]) => ({
      stdout: argv.at(-1)?.endsWith('?continue=a') ? page([service('last')]) : page(short, 'a'),
      stderr: '',
      exitCode: 0,
    });
    const { services } = await readClusterWithKubectl(kubectl, { kinds: ['Service'] });
    expect(services).toEqual((await asAWhole('test', JSON.stringify(listOf(...many, service('last'))))).services);
  });

  test('an object that cannot be used in one file comes after a text that cannot be read in another', async () => {
    writeFileSync(join(folder, 'a.json'), JSON.stringify(listOf({})));
    writeFileSync(join(folder, 'b.json'), '{');
    const paths = [join(folder, 'a.json'), join(folder, 'b.json')];
    expect(await outcome(readClusterFiles(paths, async () => ''))).toMatchObject({
      message: expect.stringContaining('b.json: line 1'),
    });
  });
});
