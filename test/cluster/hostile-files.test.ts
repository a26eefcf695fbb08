import { execFile, execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, promises, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readClusterFiles } from '../../src/cluster/files.js';
import { readInput } from '../../src/cluster/read-input.js';
import { repeatedKey } from '../../src/cluster/repeated-key.js';
import { KproxyError } from '../../src/errors.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const good = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'good', namespace: 'default' } };
const goodText = JSON.stringify({ ...good, spec: { clusterIP: '10.96.0.9', ports: [{ port: 80 }] } });

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Reads a file beside a good one. Returns the names of the valid Services, and what is said of invalid objects. */
async function read(name: string, text: string) {
  const { services, invalid } = await readClusterFiles(
    [write('good.json', goodText), write(name, text)],
    async () => '',
  );
  return {
    names: services.map(({ metadata }) => metadata.name),
    problems: invalid.flatMap(({ problems }) => problems),
  };
}

async function messageOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch(reason => reason);
  if (!(error instanceof KproxyError)) throw new Error(`not a KproxyError: ${error}`);
  return error.message.replace(`${folder}/`, '');
}

const nested = (open: string, close: string, depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;
const service = (metadata: string, spec = '{"clusterIP":"10.96.0.1","ports":[{"port":80}]}') =>
  `{"apiVersion":"v1","kind":"Service","metadata":${metadata},"spec":${spec}}`;

describe('an object of somebody else is invalid alone', () => {
  test.each([
    ['lists without end', service(`{"name":"web","annotations":${nested('[', ']', 200_000)}}`), 'nested too deeply'],
    ['objects without end', service(`{"name":"web","annotations":{"a":${nested('{"a":', '}', 100_000)}}}`), 'nested'],
    [
      'a number beyond all bounds',
      service('{"name":"web"}', '{"clusterIP":"10.96.0.1","ports":[{"port":1e400}]}'),
      'spec.ports[0].port: is not a port number (1 to 65535): too large',
    ],
    ['a kind that every object of JavaScript has', service('{"name":"web"}').replace('Service', 'constructor'), 'kind'],
    ['a name with a NUL byte', service('{"name":"we\\u0000b"}'), 'metadata.name'],
  ])('%s', async (_, text, problem) => {
    const { names, problems } = await read('bad.json', text);
    expect(names).toEqual(['good']);
    expect(problems.join()).toContain(problem);
  });

  test('a YAML alias to what it is in', async () => {
    const text = 'apiVersion: v1\nkind: Service\nmetadata: &m\n  name: web\n  annotations: *m\n';
    const { names, problems } = await read('bad.yaml', text);
    expect(names).toEqual(['good']);
    expect(problems.join()).toContain('nested too deeply');
  });

  test('the name __proto__ is a name like any other', async () => {
    const text = service('{"name":"web","labels":{"__proto__":"x"},"__proto__":{"namespace":"evil"}}');
    const { names, problems } = await read('odd.json', text);
    expect([names, problems]).toEqual([['good', 'web'], []]);
    expect(({} as { namespace?: string }).namespace).toBe(undefined);
  });
});

describe('a text that cannot be read as one meaning is refused with its place', () => {
  const twice = 'kind: Service\nspec:\n  clusterIP: 10.96.0.1\n  clusterIP: 10.96.0.2\n';
  test.each([
    ['lists without end in YAML', 'bad.yaml', `a: ${'['.repeat(100_000)}`, 'is nested too deeply'],
    ['a key twice in YAML', 'bad.yaml', twice, 'line 4, column 3: Map keys must be unique'],
    ['a key twice in JSON', 'bad.json', '{"a": 1,\n "b": 2, "a": 3}', 'line 2, column 10: the key "a" is there twice'],
    ['a key in two spellings', 'bad.json', '{"\\u0061": 1, "a": 3}', 'the key "a" is there twice'],
  ])('%s', async (_, name, text, message) => {
    expect(await messageOf(read(name, text))).toContain(`${name}: `);
    expect(await messageOf(read(name, text))).toContain(message);
  });

  test('aliases that expand without end', async () => {
    const lines = Array.from({ length: 12 }, (_, index) => {
      const letter = (step: number) => String.fromCharCode(97 + index + step);
      return `${letter(1)}: &${letter(1)} [${Array(9)
        .fill(`*${letter(0)}`)
        .join(', ')}]`;
    });
    expect(await messageOf(read('bomb.yaml', ['a: &a [x, x]', ...lines, ''].join('\n')))).toContain('Excessive alias');
  });

  test('the same key in different objects, in a value, and in a list is no repetition', () => {
    const text = '{"a": {"a": "{\\"a\\": 1, \\"a\\": 2}"}, "b": [{"a": 1}, {"a": 2}], "c": "a", "d": "a"}';
    expect(JSON.parse(text)).toBeTruthy();
    expect(repeatedKey(text)).toBe(undefined);
  });
});

describe('lists in each other', () => {
  const lists = (depth: number) =>
    `${'{"apiVersion":"v1","kind":"List","items":['.repeat(depth)}${service('{"name":"web"}')}${']}'.repeat(depth)}`;

  test('are read if they are ten', async () => {
    expect((await read('lists.json', lists(10))).names).toEqual(['good', 'web']);
  });

  test.each([11, 3_000, 100_000])('are refused if they are %i', async depth => {
    expect(await messageOf(read('lists.json', lists(depth)))).toBe(
      'lists.json: more than 10 Lists are nested in each other',
    );
  });

  test('a List inside of a typed list counts', async () => {
    const typed = (depth: number) =>
      '{"apiVersion":"v1","kind":"ServiceList","items":['.repeat(depth) + ']}'.repeat(depth);
    expect(await messageOf(read('lists.json', typed(3_000)))).toContain('more than 10 Lists');
  });
});

describe('a text with very many keys', () => {
  const many = Array.from({ length: 60_000 }, (_, index) => `    k${index}: "1"\n`).join('');
  const yaml = `apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  annotations:\n${many}`;
  const spec = 'spec:\n  clusterIP: 10.96.0.1\n  ports:\n  - port: 80\n';

  test('is read as YAML in time that grows with their number', async () => {
    const start = performance.now();
    expect((await read('many.yaml', `${yaml}${spec}`)).names).toEqual(['good', 'web']);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test('is refused as YAML if the last is the first again', async () => {
    expect(await messageOf(read('many.yaml', `${yaml}    k0: "2"\n${spec}`))).toContain(
      'line 60006, column 5: Map keys',
    );
  });

  const padded = (key: string) =>
    `{"padding": "${'\\"'.repeat(1_000_000)}",\n${service('{"name":"web"}').slice(1, -1)}, "${key}": "x"}`;

  test('is refused as JSON of any length if a key is there twice', async () => {
    expect(await messageOf(read('long.json', padded('kind')))).toContain('the key "kind" is there twice');
    expect((await read('long.json', padded('other'))).names).toEqual(['good', 'web']);
  });
});

describe('keys of YAML', () => {
  test.each([
    ['in flow', 'a: {b: 1, c: 2, b: 3}', 'column 17'],
    ['of an empty name', '? \n: 1\n"": 2\n', 'line 3'],
    ['that differ as YAML and are one key of an object', 'a:\n  1: x\n  "1": y\n', 'line 3, column 3'],
    ['in a list of a later document', 'a: 1\n---\n- b: 1\n  b: 2\n', 'line 4, column 3'],
  ])('are not there twice %s', async (_, text, place) => {
    const message = await messageOf(read('bad.yaml', text));
    expect(message).toContain(place);
    expect(message).toContain('Map keys must be unique');
  });

  test('may merge two mappings', async () => {
    const text = 'a: &a {name: web}\nb: &b {namespace: other}\n';
    const object = `${text}apiVersion: v1\nkind: Service\nmetadata:\n  <<: *a\n  <<: *b\nspec: {clusterIP: None}\n`;
    expect((await read('merged.yaml', object)).names).toEqual(['good', 'web']);
  });
});

test('a failure of kproxy itself names the file', async () => {
  const error = await readClusterFiles([write('bad.json', goodText)], async () => '', {
    get namespace(): string {
      throw new RangeError('Maximum call stack size exceeded');
    },
  }).catch(reason => reason);
  expect(error.message).toContain('bad.json: kproxy failed at this file: Maximum call stack size exceeded');
});

describe('a file that never ends', () => {
  test('is refused if it is a device', async () => {
    expect(await messageOf(readClusterFiles(['/dev/zero'], async () => ''))).toBe(
      '/dev/zero: cannot be read: it is a device',
    );
  });

  test('is refused if it is a link in a folder to one of the kernel', async () => {
    write('good.json', goodText);
    symlinkSync('/proc/kmsg', join(folder, 'a.yaml'));
    expect(await messageOf(readClusterFiles([folder], async () => ''))).toContain('a.yaml: cannot be read: ');
  });

  test('is refused beyond the largest size, whatever size it says that it has', async () => {
    const file = write('file', 'x'.repeat(2_000_000));
    await expect(readInput(file, { size: 1_999_999 })).rejects.toThrow('it is larger than 1.999999 MB');
    expect(await readInput(file, { size: 2_000_000 })).toHaveLength(2_000_000);
    await expect(readInput('/proc/self/status', { size: 100 })).rejects.toThrow('it is larger than 0.0001 MB');
    expect(await readInput('/proc/self/status')).toContain('Pid:');
    expect(await readInput(write('empty', ''))).toBe('');
  });

  test('a pipe is read to its end, and not for ever', async () => {
    const [read, silent, endless] = [join(folder, 'read'), join(folder, 'silent'), join(folder, 'endless')];
    execFileSync('mkfifo', [read, silent, endless]);
    const reading = readInput(read, { time: 60_000 });
    execFile('sh', ['-c', '(printf te; sleep 0.1; printf xt) >"$1"', 'sh', read]);
    expect(await reading).toBe('text');
    await expect(readInput(silent, { time: 50 })).rejects.toThrow('nothing has written all of it within 0.05 s');
    const refused = expect(readInput(endless, { size: 100_000 })).rejects.toThrow('it is larger than 0.1 MB');
    execFile('sh', ['-c', `exec cat /dev/zero >"$1"`, 'sh', endless]);
    await refused;
  });

  test('needs no thread, of which a process near its limits has none', async () => {
    const [taken, pipe] = [join(folder, 'taken'), join(folder, 'pipe')];
    execFileSync('mkfifo', [taken, pipe]);
    // Each opening occupies one of libuv's threads, until a writer comes.
    const openings = Array.from({ length: Number(process.env.UV_THREADPOOL_SIZE ?? 4) }, () => promises.open(taken));
    execFile('sh', ['-c', 'printf text >"$1"', 'sh', pipe]);
    try {
      expect(await readInput(write('file', 'text'))).toBe('text');
      expect(await readInput(pipe, { time: 10_000 })).toBe('text');
    } finally {
      const writer = openSync(taken, constants.O_RDWR);
      for (const file of await Promise.all(openings)) await file.close();
      closeSync(writer);
    }
  });
});
