import { expect, test } from 'vitest';
import { createThisNode } from '../../src/run/this-node.js';
import { usePrograms } from './support/programs.js';

const programs = usePrograms();
const node = createThisNode({ sudo: false, timeoutMilliseconds: 10_000 });

test('it is what runs tools unless something else is wanted: each is a child of this process', async () => {
  const { stdout } = await node.run({ argv: ['sh', '-c', 'echo $PPID'] });
  expect(stdout).toBe(`${process.pid}\n`);
});

test.each([
  ['line breaks', 'one\ntwo\n'],
  ['quotes', `'one' "two" \`three\``],
  ['spaces', ' one  two '],
  ['nothing', ''],
])('an argument of %s reaches the tool unchanged, and through sudo', async (_, argument) => {
  programs.write('sudo', 'exec "$@"');
  const argv = ['printf', '<%s>', argument, 'next'];
  expect(await node.run({ argv })).toMatchObject({ stdout: `<${argument}><next>` });
  const throughSudo = createThisNode({ sudo: true, timeoutMilliseconds: 10_000 });
  expect(await throughSudo.run({ argv })).toMatchObject({ stdout: `<${argument}><next>` });
});

test('tools run side by side', async () => {
  const { folder } = programs;
  const meet = (mine: string, other: string) => ({
    argv: ['sh', '-c', `touch '${folder}/${mine}'; until [ -e '${folder}/${other}' ]; do sleep 0.01; done`],
  });
  const results = await Promise.all([node.run(meet('one', 'two')), node.run(meet('two', 'one'))]);
  expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
});

test('tools start in the order in which they are run, before this process does anything else', async () => {
  const { folder } = programs;
  const append = (word: string) => node.run({ argv: ['sh', '-c', `echo $$ ${word} >>'${folder}/started'`] });
  await Promise.all([append('first'), append('second')]);
  const { stdout } = await node.run({ argv: ['sort', '-n', `${folder}/started`] });
  expect(stdout.replace(/\d+ /g, '')).toBe('first\nsecond\n');
});
