import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
      'port',
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

describe('a file that never ends', () => {
  test('is refused if it is a device', async () => {
    expect(await messageOf(readClusterFiles(['/dev/zero'], async () => ''))).toBe(
      '/dev/zero: cannot be read: it is a device',
    );
  });

  test('a pipe is read to its end, and not for ever', async () => {
    const [read, silent] = [join(folder, 'read'), join(folder, 'silent')];
    execFileSync('mkfifo', [read, silent]);
    const reading = readInput(read, 60_000);
    writeFileSync(read, 'text');
    expect(await reading).toBe('text');
    const words = 'silent: cannot be read: nobody has written all of it within 0.05 s';
    expect(await messageOf(readInput(silent, 50))).toBe(words);
    // Frees the reader that still waits.
    writeFileSync(silent, '');
  });
});
