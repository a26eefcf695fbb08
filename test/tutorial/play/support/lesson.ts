import type { ObjectCheck } from '../../../../src/tutorial/checks/check.js';
import type { Act, Exercise, Task } from '../../../../src/tutorial/lesson/step.js';
import type { Machine } from '../../../../src/tutorial/machines.js';

const there = (name: string): ObjectCheck => ({ kind: 'object', object: `name/${name}` });

const adding = (name: string, on: Machine = 'inajob'): Task => ({ on, command: `add ${name}`, check: there(name) });

type Words = Pick<Exercise['texts']['en'], 'question' | 'after'>;

const exercise = (
  id: string,
  tasks: readonly Task[],
  more: Partial<Exercise> & { readonly words?: Words } = {},
): Exercise => {
  const { words, ...rest } = more;
  const texts = (language: string) => ({
    title: `${id} (${language})`,
    tasks: tasks.map(({ command }) => ({
      before: [`Before ${command}.`],
      hint: `Hint for ${command}.`,
      why: [`Why ${command}.`],
    })),
    ...words,
  });
  return { kind: 'exercise', id, tasks, ...rest, texts: { en: texts('en'), ja: texts('ja') } };
};

const page = (id: string): Act['steps'][number] => {
  const texts = (language: string) => ({ title: `${id} (${language})`, paragraphs: [`Text of ${id}.`] });
  return { kind: 'page', id, texts: { en: texts('en'), ja: texts('ja') } };
};

const question = { ask: 'What happens?', choices: { a: 'this', b: 'that', c: 'nothing' }, because: ['Because.'] };

/** A lesson for the fake lab. */
export const acts: readonly Act[] = [
  {
    id: 'one',
    title: { en: 'One', ja: '一' },
    steps: [page('welcome'), exercise('two-names', [adding('first'), adding('second', 'yuanying')])],
  },
  {
    id: 'two',
    title: { en: 'Two', ja: '二' },
    steps: [
      exercise('predict', [{ on: 'inajob', command: 'remove first', check: { ...there('first'), isAbsent: true } }], {
        answer: 'b',
        words: { question, after: ['After.'] },
      }),
      exercise('mended', [adding('first')], { undoes: 'predict' }),
      exercise('look', [
        { on: 'client-inajob', command: 'say hello', check: { kind: 'shown', on: 'client-inajob', texts: ['hello'] } },
      ]),
      page('card'),
    ],
  },
];

/** The ids of the steps of `acts`. */
export const stepIds = acts.flatMap(act => act.steps.map(step => step.id));
