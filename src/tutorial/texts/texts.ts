import type { Choice } from '../lesson/step.js';
import type { Machine } from '../machines.js';
import type { KeyName } from '../play/keys/names.js';
import type { JoinTexts } from '../share/join-shell.js';

/** What Enter does, by the place where it is pressed. */
export type EnterMeaning = 'run' | 'read' | 'guess' | 'next' | 'anew';

/** The words of the program itself, in one language. The lesson's own texts are beside its steps. */
export interface Texts {
  /** What a key does, in a word or two, for the line at the foot. */
  readonly keys: Readonly<Record<KeyName, string>>;
  readonly enter: Readonly<Record<EnterMeaning, string>>;
  readonly start: StartTexts;
  readonly task: TaskTexts;
  readonly question: QuestionTexts;
  readonly moves: MoveTexts;
  readonly shell: ShellTexts;
  readonly recorded: RecordedTexts;
  readonly progress: ProgressTexts;
  readonly end: EndTexts;
  readonly joined: JoinTexts;
  /** The page that the key for help shows. */
  readonly help: (lesson: string) => readonly string[];
}

interface StartTexts {
  readonly act: (words: { readonly number: number; readonly title: string }) => string;
  readonly ready: (words: { readonly release: string; readonly seconds: string }) => string;
  readonly preparing: string;
  readonly welcomeBack: (words: StepWords, lesson: string) => string;
  readonly finishedBefore: string;
}

/** A step by its number, the number of all steps, and its title. */
export interface StepWords {
  readonly number: number;
  readonly count: number;
  readonly title: string;
}

interface TaskTexts {
  /** At the first command of the lesson. */
  readonly runOrType: string;
  readonly moved: string;
  readonly done: string;
  readonly doneBefore: string;
  readonly unexpectedExit: (words: { readonly code: number; readonly expected: number }) => string;
  readonly exit: (code: number) => string;
  readonly interrupted: string;
  readonly timedOut: string;
  readonly stillRunning: string;
  readonly wantsTerminal: string;
  readonly noMachine: string;
  readonly unknownMachine: (words: { readonly name: string; readonly machines: readonly Machine[] }) => string;
  readonly nothingToSay: string;
}

interface QuestionTexts {
  readonly onlyChoices: string;
  readonly guessed: (guess: Choice) => string;
  readonly right: (answer: Choice) => string;
  readonly wrong: (words: { readonly guess: Choice; readonly answer: Choice }) => string;
  readonly answer: (answer: Choice) => string;
}

interface MoveTexts {
  readonly restoring: (words: StepWords) => string;
  readonly restored: (seconds: string) => string;
  readonly firstStep: string;
  readonly skipping: string;
  readonly skipFailed: string;
  readonly unknownStep: (words: { readonly name: string; readonly count: number }) => string;
  readonly unknownLanguage: (name: string) => string;
  readonly lost: (reason: string) => string;
  readonly listFoot: string;
}

interface ShellTexts {
  readonly opens: (machine: Machine) => string;
  readonly ended: string;
  readonly failed: (reason: string) => string;
  readonly alreadyOffered: (lesson: string) => string;
  readonly notOffered: (reason: string, lesson: string) => string;
}

interface RecordedTexts {
  readonly begins: string;
  readonly mark: string;
  readonly noTyping: string;
  readonly finished: string;
  readonly noShell: string;
}

interface ProgressTexts {
  readonly damaged: (path: string) => string;
  readonly unreadable: (words: { readonly path: string; readonly reason: string }) => string;
  readonly unwritable: (words: { readonly path: string; readonly reason: string }) => string;
}

interface EndTexts {
  readonly left: (words: StepWords, lesson: string) => string;
  /** If the progress could not be kept. */
  readonly leftUnkept: (words: StepWords, lesson: string) => string;
  readonly finished: string;
}
