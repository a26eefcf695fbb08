import { describe, expect, test } from 'vitest';
import type { LiveLab } from '../../../../src/tutorial/lab/open-lab.js';
import type { RawObservation } from '../../../../src/tutorial/lab/raw-observation.js';
import { NotRecordedError } from '../../../../src/tutorial/lab/recorded/not-recorded.js';
import { recordLesson } from '../../../../src/tutorial/lab/recorded/record-lesson.js';
import { recordedLab } from '../../../../src/tutorial/lab/recorded/recorded-lab.js';
import type { Act, Exercise, Task } from '../../../../src/tutorial/lesson/step.js';

const nothing = { ipset: '', iptables: '', addresses: '[]\n', ipVs: '', stats: '', sysctls: '' };
const set = (name: string) => `create ${name} hash:ip family inet hashsize 1024 maxelem 65536\n`;

/** What is there after each command. */
const observations: Readonly<Record<string, RawObservation>> = {
  '': { workers: { inajob: nothing, yuanying: nothing }, objects: { 'pod/a': { n: 1 } }, rootShells: [] },
  'sudo su': {
    workers: { inajob: nothing, yuanying: nothing },
    objects: { 'pod/a': { n: 1 } },
    rootShells: ['inajob'],
  },
  'add A': {
    workers: { inajob: { ...nothing, ipset: set('A') }, yuanying: nothing },
    objects: { 'pod/a': { n: 1 }, 'service/b': { n: 2 } },
    rootShells: ['inajob'],
  },
  'add B': {
    workers: { inajob: { ...nothing, ipset: set('A') + set('B') }, yuanying: { ...nothing, sysctls: 'x=1\n' } },
    objects: { 'service/b': { n: 3 } },
    rootShells: ['inajob'],
  },
};

/** A lab whose commands answer their own names. */
function fakeLab(): LiveLab {
  let last = '';
  const observeRaw = async () => observations[last] as RawObservation;
  return {
    isRecorded: false,
    release: '6.1.0',
    async run(_, line) {
      if (line in observations) last = line;
      return { output: `${line}:\nyes\n`, exitCode: line.length, timedOut: false };
    },
    observeRaw,
    observe: () => Promise.reject(new Error('not needed')),
    openShell: () => {
      throw new Error('not needed');
    },
    restart: async () => {},
    close: async () => {},
  };
}

const task = (command: string): Task => ({ on: 'inajob', command, check: { kind: 'root-shell', on: 'inajob' } });
const exercise = (id: string, commands: readonly string[]) =>
  ({ kind: 'exercise', id, tasks: commands.map(task) }) as unknown as Exercise;
const acts = [
  { id: 'one', steps: [{ kind: 'page', id: 'welcome' }, exercise('first', ['sudo su', 'look'])] },
  { id: 'two', steps: [exercise('second', ['add A', 'look', 'add B'])] },
] as unknown as readonly Act[];

const recording = await recordLesson(fakeLab(), acts);
const inajob = (command: string) => ({ on: 'inajob', command }) as const;

/** Returns the names of what a lab has now. */
async function seen(lab: ReturnType<typeof recordedLab>) {
  const { workers, objects, rootShells } = await lab.observe();
  return { sets: [...workers.inajob.sets.keys()], objects: Object.fromEntries(objects), root: [...rootShells] };
}

test('a recording holds only what each command has changed', () => {
  expect(recording).toEqual({
    release: '6.1.0',
    beginning: observations[''],
    answers: [
      {
        step: 'first',
        task: 0,
        on: 'inajob',
        command: 'sudo su',
        output: 'sudo su:\nyes\n',
        exitCode: 7,
        moved: { rootShells: ['inajob'] },
      },
      { step: 'first', task: 1, on: 'inajob', command: 'look', output: 'look:\nyes\n', exitCode: 4, moved: {} },
      {
        step: 'second',
        task: 0,
        on: 'inajob',
        command: 'add A',
        output: 'add A:\nyes\n',
        exitCode: 5,
        moved: { workers: { inajob: { ipset: [set('A').trim(), [0, 1]] } }, objects: { 'service/b': { n: 2 } } },
      },
      { step: 'second', task: 1, on: 'inajob', command: 'look', output: 'look:\nyes\n', exitCode: 4, moved: {} },
      {
        step: 'second',
        task: 2,
        on: 'inajob',
        command: 'add B',
        output: 'add B:\nyes\n',
        exitCode: 5,
        moved: {
          workers: { inajob: { ipset: [[0, 1], set('B').trim(), [1, 1]] }, yuanying: { sysctls: ['x=1', [0, 1]] } },
          objects: { 'pod/a': null, 'service/b': { n: 3 } },
        },
      },
    ],
  });
});

describe('a recorded lab', () => {
  test('answers the lesson’s commands in their order, with what is observed before and after', async () => {
    const lab = recordedLab(JSON.parse(JSON.stringify(recording)));
    expect(await seen(lab)).toEqual({ sets: [], objects: { 'pod/a': { n: 1 } }, root: [] });
    const shown: string[] = [];
    expect(await lab.run('inajob', 'sudo su', { onOutput: text => shown.push(text) })).toEqual({
      output: 'sudo su:\nyes\n',
      exitCode: 7,
      timedOut: false,
    });
    expect(shown).toEqual(['sudo su:\r\nyes\r\n']);
    expect(await seen(lab)).toEqual({ sets: [], objects: { 'pod/a': { n: 1 } }, root: ['inajob'] });
    for (const line of ['look', 'add A', 'look', 'add B']) await lab.run('inajob', line);
    expect(await seen(lab)).toEqual({ sets: ['A', 'B'], objects: { 'service/b': { n: 3 } }, root: ['inajob'] });
  });

  test('has what commands that were left out have done', async () => {
    const lab = recordedLab(recording);
    await lab.run('inajob', 'add B');
    expect(await seen(lab)).toEqual({ sets: ['A', 'B'], objects: { 'service/b': { n: 3 } }, root: ['inajob'] });
  });

  test('goes back to where a command was run before', async () => {
    const lab = recordedLab(recording);
    await lab.run('inajob', 'add B');
    await lab.run('inajob', 'add A');
    expect(await seen(lab)).toEqual({
      sets: ['A'],
      objects: { 'pod/a': { n: 1 }, 'service/b': { n: 2 } },
      root: ['inajob'],
    });
  });

  test('starts again after the commands that it is given', async () => {
    const lab = recordedLab(recording);
    await lab.run('inajob', 'add B');
    await lab.restart([inajob('sudo su'), inajob('look'), inajob('add A')]);
    expect((await seen(lab)).sets).toEqual(['A']);
    await lab.restart([]);
    expect(await seen(lab)).toEqual({ sets: [], objects: { 'pod/a': { n: 1 } }, root: [] });
  });

  test('says that no kernel is here if something else is typed, or a shell is wanted', async () => {
    const lab = recordedLab(recording);
    await expect(lab.run('inajob', 'add C')).rejects.toThrow(NotRecordedError);
    await expect(lab.run('yuanying', 'add A')).rejects.toThrow('no kernel is here to answer on yuanying: add A');
    const size = { columns: 80, rows: 24 };
    expect(() => lab.openShell('inajob', { size, onOutput: () => {} })).toThrow(NotRecordedError);
    expect(await seen(lab)).toEqual({ sets: [], objects: { 'pod/a': { n: 1 } }, root: [] });
  });
});
