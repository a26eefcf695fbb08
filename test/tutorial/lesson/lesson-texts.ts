import type { Language } from '../../../src/tutorial/language.js';
import { acts } from '../../../src/tutorial/lesson/index.js';
import type { ExerciseText, PageText, Paragraph, Step } from '../../../src/tutorial/lesson/step.js';

/** A text of the lesson, with a name for failures such as `mark, task 2, why`. */
export interface Text {
  readonly step: string;
  readonly place: string;
  readonly content: Paragraph;
}

export const steps: readonly Step[] = acts.flatMap(act => act.steps);

/** Returns all texts in one language, in the order in which they are read. Hints and reasons follow their task. */
export const textsIn = (language: Language): readonly Text[] =>
  steps.flatMap(step => {
    const places = step.kind === 'page' ? pagePlaces(step.texts[language]) : exercisePlaces(step.texts[language]);
    return places.flatMap(([place, contents]) => contents.map(content => ({ step: step.id, place, content })));
  });

/** Returns only what is prose. */
export const sentencesIn = (language: Language) =>
  textsIn(language).flatMap(({ content, ...text }) => (typeof content === 'string' ? [{ ...text, content }] : []));

export const picturesIn = (language: Language) =>
  textsIn(language).flatMap(({ content, ...text }) =>
    typeof content === 'string' ? [] : [{ ...text, content: content.picture }],
  );

type Place = readonly [place: string, contents: readonly Paragraph[]];

const pagePlaces = ({ title, paragraphs }: PageText): readonly Place[] => [
  ['title', [title]],
  ['page', paragraphs],
];

function exercisePlaces({ title, question, tasks, after = [] }: ExerciseText): readonly Place[] {
  return [
    ['title', [title]],
    ['question', question === undefined ? [] : [question.ask, ...Object.values(question.choices)]],
    ...tasks.flatMap(({ before, hint, why }, index): readonly Place[] => [
      [`task ${index + 1}`, before],
      [`task ${index + 1}, hint`, [hint]],
      [`task ${index + 1}, why`, why],
    ]),
    ['because', question?.because ?? []],
    ['after', after],
  ];
}

/** Returns the columns of a text on a terminal: East Asian characters are two columns wide. */
export const columnsOf = (text: string): number =>
  [...text].reduce((columns, character) => columns + (isWide(character) ? 2 : 1), 0);

const isWide = (character: string) =>
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(character);
