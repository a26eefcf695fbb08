import { rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
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
import { countLines } from '../tutorial/play/count-lines.js';
import { intentOf } from '../tutorial/play/intent.js';
import { isUnicode, languageOf } from '../tutorial/play/language-of.js';
import { automaticLearner } from '../tutorial/play/learner/automatic.js';
import type { Learner } from '../tutorial/play/learner/learner.js';
import { typingLearner } from '../tutorial/play/learner/typing.js';
import type { Ending } from '../tutorial/play/play.js';
import { loadProgress, progressPath, saveProgress } from '../tutorial/play/progress/progress-file.js';
import { routeOf } from '../tutorial/play/route.js';
import { type LessonOptions, type ProgressKeeper, runLesson, type Share } from '../tutorial/play/run-lesson.js';
import { hasLineEditor, type Surroundings, terminalEnvironment } from '../tutorial/play/surroundings.js';
import { attachTerminal, sizeOf } from '../tutorial/share/attach-terminal.js';
import { joinShell } from '../tutorial/share/join-shell.js';
import { exitWithoutTerminal } from '../tutorial/share/lost-terminal.js';
import { offerShells } from '../tutorial/share/offer-shells.js';
import { shareFolder, socketPath } from '../tutorial/share/share-folder.js';
import { texts } from '../tutorial/texts/index.js';

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
  const { isAutomatic, pace } = options;
  const { stdin, stdout, env } = process;
  const surroundings = { environment: env, hasTerminal: stdout.isTTY === true, isColored: options.isColored };
  exitWithoutTerminal(stdin);
  const count = countLines(text => void stdout.write(text));
  const route = routeOf(acts);
  const steps = new Set(route.map(({ step }) => step.id));
  const learner = isAutomatic
    ? automaticLearner({ linesPrinted: count.lines, millisecondsForTenLines: pace })
    : typingLearner({
        input: stdin,
        screen: stdout,
        hasLineEditor: hasLineEditor(env),
        isRemembered: line => intentOf(line, false).kind === 'command',
      });
  const language = options.language ?? languageOf(env);
  try {
    return await runLesson(
      { ...options, language },
      {
        route,
        learner,
        judge: { missingOf, movements },
        openLab,
        async openRecordedLab() {
          // Whoever reads only messages and the exit code must not take this for a lesson on a kernel.
          if (isAutomatic) process.stderr.write('kproxy: no kernel runs here: the answers are recorded ones\n');
          return recordedLab(await readRecording());
        },
        createPage: one =>
          createPage({
            write: count.write,
            columns: () => stdout.columns,
            rows: () => stdout.rows,
            colors: options.isColored,
            language: one,
            isUnicode: isUnicode(env),
          }),
        progress: isAutomatic ? noProgress : progressFile(steps),
        share: lab => (isAutomatic || lab.isRecorded ? noShare : shareOf(lab)),
        attachShell: (lab, machine) => attachShell(lab, machine, surroundings),
        terminal: () => ({ size: sizeOf(stdout), environment: terminalEnvironment(surroundings) }),
        beforeEnd: cleanUp => endOnSignals(cleanUp, learner),
      },
    );
  } finally {
    learner.close();
  }
}

const noProgress: ProgressKeeper = { path: '', load: () => ({ kind: 'none' }), save: () => undefined };

function progressFile(steps: ReadonlySet<string>): ProgressKeeper {
  const path = progressPath(process.env);
  return { path, load: () => loadProgress(path, steps), save: progress => saveProgress(path, progress) };
}

const folderOfShells = (): string =>
  shareFolder({ environment: process.env, temporaryFolder: tmpdir(), userId: process.getuid?.() ?? 0 });

const noShare: Promise<Share> = Promise.resolve({
  problem: undefined,
  whileRestarting: work => work(),
  close: async () => {},
});

async function shareOf(lab: Lab): Promise<Share> {
  const folder = folderOfShells();
  const offer = await offerShells({ folder, openShell: (...all) => lab.openShell(...all) });
  if (offer.kind === 'offered') {
    process.prependOnceListener('exit', () => removeSocket(folder));
    return { problem: undefined, ...offer };
  }
  const problem = offer.kind === 'taken' ? offer : ({ kind: offer.kind, reason: offer.error.message } as const);
  return { ...(await noShare), problem };
}

/** If the terminal is gone, the process may end before the socket is closed. */
function removeSocket(folder: string): void {
  rmSync(socketPath(folder), { force: true });
  try {
    rmdirSync(folder);
  } catch {
    // It is gone already, or has something else in it.
  }
}

async function attachShell(lab: Lab, machine: Machine, surroundings: Surroundings): Promise<void> {
  await attachTerminal({
    stdin: process.stdin,
    stdout: process.stdout,
    environment: terminalEnvironment(surroundings),
    openShell: options => lab.openShell(machine, options),
  });
}

/** What the machines may take to end. They end with this process in any case. */
const cleanUpMilliseconds = 2_000;

/** On SIGTERM, and if the terminal is gone, ends the machines and this process as the signal does. */
function endOnSignals(cleanUp: () => Promise<void>, learner: Learner): void {
  for (const [signal, number] of [
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const)
    process.once(signal, async () => {
      learner.close();
      await Promise.race([cleanUp(), setTimeout(cleanUpMilliseconds)]);
      process.exit(128 + number);
    });
}

/** Opens a shell on a machine of the running lesson in this terminal. Returns its exit code. */
export async function runTutorialShell(machine: Machine, isColored: boolean): Promise<number> {
  const { stdin, stdout, env } = process;
  const surroundings = { environment: env, hasTerminal: stdout.isTTY === true, isColored };
  exitWithoutTerminal(stdin);
  return joinShell({
    folder: folderOfShells(),
    machine,
    stdin,
    stdout,
    environment: terminalEnvironment(surroundings),
    texts: texts[languageOf(env)].joined,
  });
}
