import { missingOf } from '../tutorial/checks/index.js';
import type { Lab } from '../tutorial/lab/lab.js';
import { openLab } from '../tutorial/lab/open-lab.js';
import { readRecording } from '../tutorial/lab/recorded/read-recording.js';
import { recordedLab } from '../tutorial/lab/recorded/recorded-lab.js';
import type { Language } from '../tutorial/language.js';
import { acts } from '../tutorial/lesson/index.js';
import type { Machine } from '../tutorial/machines.js';
import { movements } from '../tutorial/observe/movements.js';
import { createPage } from '../tutorial/page/create-page.js';
import { countLines, type LineCount } from '../tutorial/play/count-lines.js';
import { intentOf } from '../tutorial/play/intent.js';
import { isUnicode, languageOf } from '../tutorial/play/language-of.js';
import { automaticLearner } from '../tutorial/play/learner/automatic.js';
import type { Learner } from '../tutorial/play/learner/learner.js';
import { typingLearner } from '../tutorial/play/learner/typing.js';
import type { Ending } from '../tutorial/play/play.js';
import { loadProgress, progressPath, saveProgress } from '../tutorial/play/progress/progress-file.js';
import { type Route, routeOf } from '../tutorial/play/route.js';
import { type LessonOptions, type LessonParts, type ProgressKeeper, runLesson } from '../tutorial/play/run-lesson.js';
import { hasLineEditor, terminalEnvironment } from '../tutorial/play/surroundings.js';
import { attachTerminal, sizeOf } from '../tutorial/share/attach-terminal.js';
import { exitWithoutTerminal } from '../tutorial/share/lost-terminal.js';
import { endOnSignals } from './tutorial/end-on-signals.js';
import { noShare, shareShells } from './tutorial/share-shells.js';

export interface TutorialOptions extends Omit<LessonOptions, 'language'> {
  /** Default: that of the locale. */
  readonly language: Language | undefined;
  readonly isAutomatic: boolean;
  /** How long a reader takes for ten lines, if the lesson plays by itself. */
  readonly pace: number;
  readonly isColored: boolean;
}

/** Plays the lesson on this process's terminal, or by itself. */
export async function runTutorial(options: TutorialOptions): Promise<Ending> {
  exitWithoutTerminal(process.stdin);
  const count = countLines(text => void process.stdout.write(text));
  const learner = learnerOf(options, count);
  const language = options.language ?? languageOf(process.env);
  try {
    return await runLesson({ ...options, language }, partsOf(options, learner, count));
  } finally {
    learner.close();
  }
}

function learnerOf({ isAutomatic, pace }: TutorialOptions, { lines }: LineCount): Learner {
  if (isAutomatic) return automaticLearner({ linesPrinted: lines, millisecondsForTenLines: pace });
  const { stdin, stdout, env } = process;
  return typingLearner({
    input: stdin,
    screen: stdout,
    hasLineEditor: hasLineEditor(env),
    isRemembered: line => intentOf(line, false).kind === 'command',
  });
}

function partsOf({ isAutomatic, isColored }: TutorialOptions, learner: Learner, { write }: LineCount): LessonParts {
  const { stdout, env } = process;
  const terminal = () => ({
    size: sizeOf(stdout),
    environment: terminalEnvironment({ environment: env, hasTerminal: stdout.isTTY === true, isColored }),
  });
  const route = routeOf(acts);
  return {
    // scripts/demo.sh starts the lesson where kproxy is not installed.
    lesson: env.KPROXY_LESSON || 'kproxy tutorial',
    route,
    learner,
    terminal,
    judge: { missingOf, movements },
    openLab,
    openRecordedLab: () => openRecordedLab(isAutomatic),
    createPage: language =>
      createPage({
        write,
        columns: () => stdout.columns,
        rows: () => stdout.rows,
        colors: isColored,
        language,
        isUnicode: isUnicode(env),
      }),
    progress: isAutomatic ? noProgress : progressFile(route),
    share: async lab => (isAutomatic || lab.isRecorded ? noShare : shareShells(lab)),
    attachShell: (lab, machine) => attachShell(lab, machine, terminal().environment),
    beforeEnd: cleanUp =>
      endOnSignals(() => {
        learner.close();
        return cleanUp();
      }),
  };
}

async function openRecordedLab(isAutomatic: boolean): Promise<Lab> {
  // Whoever reads only messages and the exit code must not take this for a lesson on a kernel.
  if (isAutomatic) process.stderr.write('kproxy: no kernel runs here: the answers are recorded ones\n');
  return recordedLab(await readRecording());
}

const noProgress: ProgressKeeper = { path: '', load: () => ({ kind: 'none' }), save: () => undefined };

function progressFile(route: Route): ProgressKeeper {
  const path = progressPath(process.env);
  const steps = new Set(route.map(({ step }) => step.id));
  return { path, load: () => loadProgress(path, steps), save: progress => saveProgress(path, progress) };
}

async function attachShell(lab: Lab, machine: Machine, environment: Readonly<Record<string, string>>): Promise<void> {
  const { stdin, stdout } = process;
  await attachTerminal({ stdin, stdout, environment, openShell: options => lab.openShell(machine, options) });
}
