import type { Lab } from '../lab/lab.js';
import type { Language } from '../language.js';
import type { Machine } from '../machines.js';
import type { Page } from '../page/page.js';
import { texts } from '../texts/index.js';
import { restore } from './go-to.js';
import type { Learner } from './learner/learner.js';
import { type LabSources, openLabOrRecording } from './open-lab.js';
import { type Ending, play } from './play.js';
import type { Progress } from './progress/progress.js';
import type { Loaded } from './progress/progress-file.js';
import type { Route } from './route.js';
import { createSession, type Session, stepWords } from './session.js';
import type { Judge, Stage } from './stage.js';
import { type Start, startOf } from './start.js';

/** What a lesson needs of the process that it runs in, and of the other rooms. */
export interface LessonParts extends LabSources {
  readonly lesson: Stage['lesson'];
  readonly route: Route;
  readonly judge: Judge;
  readonly createPage: (language: Language) => Page;
  readonly learner: Learner;
  readonly progress: ProgressKeeper;
  /** Opens what other terminals join, if the machines are real ones. */
  readonly share: (lab: Lab) => Promise<Share>;
  readonly attachShell: (lab: Lab, machine: Machine) => Promise<void>;
  readonly terminal: Stage['terminal'];
  /** Registers what must be done if the process is told to end. */
  readonly beforeEnd: (cleanUp: () => Promise<void>) => void;
}

export interface ProgressKeeper {
  readonly path: string;
  readonly load: () => Loaded;
  /** Returns the reason if that fails. */
  readonly save: (progress: Progress) => string | undefined;
}

/** The shells that other terminals can open in the lesson. */
export interface Share {
  /** Why there are none. */
  readonly problem: { readonly kind: 'taken' } | { readonly kind: 'impossible'; readonly reason: string } | undefined;
  whileRestarting<Result>(work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface LessonOptions {
  readonly language: Language;
  /** The value of --step. */
  readonly step: string | undefined;
  readonly isFresh: boolean;
  readonly isRecorded: boolean;
}

/**
 * Runs the lesson from its first word to its last one. Ends its machines in any case.
 * @throws KproxyError option-invalid if there is no such step
 */
export async function runLesson(options: LessonOptions, parts: LessonParts): Promise<Ending> {
  const { language, isFresh, isRecorded, step } = options;
  const { route, progress } = parts;
  const loaded: Loaded = isFresh ? { kind: 'none' } : progress.load();
  const start = startOf(route, step, loaded);
  const words = { page: parts.createPage(language), texts: texts[language] };
  const lab = await openLabOrRecording(parts, isRecorded, words);
  const share = await parts.share(lab);
  const end = async () => {
    await share.close();
    await lab.close();
  };
  parts.beforeEnd(end);
  try {
    const stage = stageOf(parts, lab, share);
    const session = createSession(stage, { language, ...start }, await lab.observe());
    greet(session, start, loaded, progress.path);
    sayProblem(session, share);
    const ending = await playFrom(session, start);
    sayGoodbye(session, ending);
    return ending;
  } finally {
    await end();
  }
}

async function playFrom(session: Session, { at, kind }: Start): Promise<Ending> {
  const arrival = at.index > 0 ? await restore(session) : 'there';
  return arrival === 'interrupted' ? { kind: 'left', isInterrupted: true } : play(session, kind === 'finished');
}

const stageOf = (parts: LessonParts, lab: Lab, share: Share): Stage => ({
  ...parts,
  lab,
  keep(progress) {
    const reason = parts.progress.save(progress);
    return reason === undefined ? undefined : { path: parts.progress.path, reason };
  },
  attachShell: machine => parts.attachShell(lab, machine),
  whileRestarting: work => share.whileRestarting(work),
});

function greet(session: Session, { kind, at }: Start, loaded: Loaded, path: string): void {
  const { page, stage, texts } = session;
  if (loaded.kind === 'damaged') page.line('error', texts.progress.damaged(path));
  if (loaded.kind === 'unreadable') page.line('error', texts.progress.unreadable({ path, reason: loaded.reason }));
  if (kind === 'resumed') page.line('note', texts.start.welcomeBack(stepWords(session, at), stage.lesson));
}

function sayProblem({ page, stage, texts }: Session, { problem }: Share): void {
  if (problem?.kind === 'taken') page.line('note', texts.shell.alreadyOffered(stage.lesson));
  if (problem?.kind === 'impossible') page.line('note', texts.shell.notOffered(problem.reason, stage.lesson));
}

function sayGoodbye(session: Session, ending: Ending): void {
  const { page, texts, stage } = session;
  const { finished } = stage.lab.isRecorded ? texts.recorded : texts.end;
  if (ending.kind === 'finished') page.line('done', finished);
  if (ending.kind !== 'left' || stage.learner.isAutomatic) return;
  const leave = session.isKeepingFailed ? texts.end.leftUnkept : texts.end.left;
  page.line('note', leave(stepWords(session, session.at), stage.lesson));
}
