import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const sources = new URL('../../src', import.meta.url).pathname;
const lesson = join(sources, 'tutorial');

interface Import {
  readonly room: string;
  /** A room of the lesson, a room or file of src, or a module of Node. */
  readonly from: string;
  readonly isType: boolean;
}

const imports: readonly Import[] = readdirSync(lesson, { recursive: true, encoding: 'utf8' })
  .filter(name => /\/.*\.ts$/.test(name))
  .flatMap(importsOf);

function importsOf(file: string): readonly Import[] {
  const path = join(lesson, file);
  const statements = readFileSync(path, 'utf8').matchAll(/^import (?:(type) )?([^;]*?) from '([^']+)';/gm);
  return (
    [...statements]
      .map(([, type, names = '', module = '']) => ({
        room: roomOf(path),
        from: module.startsWith('.') ? roomOf(join(dirname(path), module)) : module,
        isType: type !== undefined || /^\{(?:\s*type \w+,?)+\s*\}$/.test(names),
      }))
      // Any room may have tables.
      .filter(({ room, from }) => room !== from && from !== 'src/table')
  );
}

/** Returns `lab` for a file of src/tutorial/lab, and `src/node` for one of src/node. */
function roomOf(path: string): string {
  const inLesson = relative(lesson, path);
  const [room = ''] = inLesson.startsWith('..') ? relative(sources, path).split('/') : inLesson.split('/');
  return (inLesson.startsWith('..') ? `src/${room}` : room).replace(/\.js$/, '');
}

/** Returns what each room imports, by room. */
function table(some: readonly Import[]): Readonly<Record<string, readonly string[]>> {
  const rooms = [...new Set(some.map(({ room }) => room))].sort();
  return Object.fromEntries(
    rooms.map(name => [name, [...new Set(some.filter(({ room }) => room === name).map(({ from }) => from))].sort()]),
  );
}

const isOfNode = ({ from }: Import): boolean => from.startsWith('node:');

test('code is imported one way: a row imports only rooms of rows above it', () => {
  const code = imports.filter(one => !one.isType && !isOfNode(one));
  expect(table(code)).toEqual({
    observe: ['machines', 'plain-object', 'src/net', 'src/node'],
    checks: ['observe', 'plain-object', 'src/node', 'src/similar-names'],
    page: ['lesson', 'src/output', 'src/visible'],
    lab: ['machines', 'observe', 'plain-object', 'src/cluster', 'src/errors', 'src/node', 'src/sandbox'],
    share: ['machines', 'plain-object', 'src/errors', 'src/run', 'src/sandbox', 'src/visible'],
    play: ['lab', 'language', 'lesson', 'machines', 'plain-object', 'src/errors', 'texts'],
  });
});

test('types are imported the same way, except for the names of what the texts are for', () => {
  const types = imports.filter(one => one.isType && !isOfNode(one));
  expect(table(types)).toEqual({
    observe: ['language', 'machines', 'plain-object', 'src/node'],
    checks: ['machines', 'observe'],
    lesson: ['checks', 'language', 'machines'],
    page: ['language', 'lesson', 'machines', 'observe'],
    lab: ['lesson', 'machines', 'observe', 'plain-object', 'src/cluster', 'src/sandbox'],
    share: ['lab', 'machines', 'src/sandbox'],
    texts: ['language', 'lesson', 'machines', 'play', 'share'],
    play: ['checks', 'lab', 'language', 'lesson', 'machines', 'observe', 'page', 'src/sandbox', 'texts'],
  });
});

test('what the lesson says, checks and prints does not touch the process or the machine', () => {
  const pure = ['checks', 'lesson', 'observe', 'page', 'texts'];
  expect(imports.filter(one => isOfNode(one) && pure.includes(one.room))).toEqual([]);
  const files = pure.flatMap(room =>
    readdirSync(join(lesson, room), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => join(lesson, room, name)),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter(file => /\bprocess\.\w/.test(readFileSync(file, 'utf8')))).toEqual([]);
});
