import type { Check } from '../../../../src/tutorial/checks/check.js';
import type { Language } from '../../../../src/tutorial/language.js';
import type { Act } from '../../../../src/tutorial/lesson/step.js';
import type { Observed } from '../../../../src/tutorial/observe/observed.js';
import type { Learner, Typed } from '../../../../src/tutorial/play/learner/learner.js';
import { type Ending, play } from '../../../../src/tutorial/play/play.js';
import type { Progress } from '../../../../src/tutorial/play/progress/progress.js';
import { findStep, routeOf } from '../../../../src/tutorial/play/route.js';
import { createSession } from '../../../../src/tutorial/play/session.js';
import type { Judge, Stage } from '../../../../src/tutorial/play/stage.js';
import { type FakeLab, fakeLab } from './fake-lab.js';
import { fakePage } from './fake-page.js';
import { acts } from './lesson.js';

/** A line, or a key that ends or interrupts. */
export type Keystroke = string | Exclude<Typed, { readonly kind: 'line' }>;

export interface Played {
  readonly ending: Ending;
  /** What was printed, with each prompt and what was typed after it. */
  readonly lines: readonly string[];
  readonly lab: FakeLab;
  /** What was kept, oldest first. */
  readonly kept: readonly Progress[];
  /** What was not typed any more. */
  readonly left: readonly Keystroke[];
}

interface PlayOptions {
  readonly acts?: readonly Act[];
  readonly at?: string;
  readonly language?: Language;
  readonly isAutomatic?: boolean;
  readonly lab?: FakeLab;
  readonly wasFinished?: boolean;
  readonly keep?: Stage['keep'];
  readonly attachShell?: Stage['attachShell'];
  /** Interrupts each command as soon as it waits. */
  readonly isInterrupting?: boolean;
  /** Default: all. */
  readonly paragraphsOnScreen?: number;
}

/** Plays a lesson with what is typed. After that the input ends. */
export async function playTyped(typed: readonly Keystroke[], options: PlayOptions = {}): Promise<Played> {
  const lines: string[] = [];
  const kept: Progress[] = [];
  const left = [...typed];
  const route = routeOf(options.acts ?? acts);
  const lab = options.lab ?? fakeLab();
  const stage: Stage = {
    lesson: 'kproxy tutorial',
    route,
    lab,
    learner: scriptedLearner(left, lines, options),
    createPage: () => fakePage(lines, options.paragraphsOnScreen),
    judge,
    keep:
      options.keep ??
      (progress => {
        kept.push(progress);
        return undefined;
      }),
    attachShell: options.attachShell ?? (async () => {}),
    async whileRestarting(work) {
      const result = await work();
      lab.calls.push('restarted');
      return result;
    },
    terminal: () => ({ size: { columns: 80, rows: 24 }, environment: {} }),
  };
  const at = findStep(route, options.at ?? 'welcome');
  if (at === undefined) throw new Error(`no step ${options.at}`);
  const start = { language: options.language ?? 'en', at, done: [] };
  const ending = await play(createSession(stage, start, await lab.observe()), options.wasFinished ?? false);
  return { ending, lines, lab, kept, left };
}

function scriptedLearner(
  typed: Keystroke[],
  lines: string[],
  { isAutomatic = false, isInterrupting = false }: PlayOptions,
): Learner {
  return {
    isAutomatic,
    async ask({ text }) {
      if (isAutomatic) return { kind: 'line', text: '' };
      const next = typed.shift() ?? { kind: 'ended' };
      lines.push(`${text}${typeof next === 'string' ? next : `<${next.kind}>`}`);
      return typeof next === 'string' ? { kind: 'line', text: next } : next;
    },
    whileBusy(work) {
      const controller = new AbortController();
      if (isInterrupting) setImmediate(() => controller.abort());
      return work(controller.signal);
    },
    handOver: work => work(),
    close: () => {},
  };
}

const judge: Judge = {
  missingOf: (check, observed) => (passes(check, observed) ? undefined : { en: 'It is missing.', ja: 'ありません。' }),
  movements: (before, after) => [
    ...[...after.objects.keys()].filter(key => !before.objects.has(key)).map(where => ({ mark: '+' as const, where })),
    ...[...before.objects.keys()].filter(key => !after.objects.has(key)).map(where => ({ mark: '-' as const, where })),
  ],
};

function passes(check: Check, { objects, said }: Observed): boolean {
  if (check.kind === 'object') return objects.has(check.object) !== (check.isAbsent ?? false);
  if (check.kind === 'shown')
    return said.some(({ on, output }) => on === check.on && check.texts.every(text => output.includes(text)));
  throw new Error(`the fake judge does not know ${check.kind}`);
}
