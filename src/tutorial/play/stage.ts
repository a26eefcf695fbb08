import type { TerminalSize } from '../../sandbox/sandbox.js';
import type { Check } from '../checks/check.js';
import type { Lab } from '../lab/lab.js';
import type { Language } from '../language.js';
import type { Machine } from '../machines.js';
import type { Missing, Movement, Observation, Observed } from '../observe/observed.js';
import type { Page } from '../page/page.js';
import type { Learner } from './learner/learner.js';
import type { Progress } from './progress/progress.js';
import type { Route } from './route.js';

/** Everything around the loop: what it plays, on which machines, for whom. */
export interface Stage {
  /** The command line that starts the lesson: `kproxy tutorial`. */
  readonly lesson: string;
  readonly route: Route;
  readonly lab: Lab;
  readonly learner: Learner;
  readonly createPage: (language: Language) => Page;
  readonly judge: Judge;
  /** Keeps the progress. Returns why that failed. */
  readonly keep: (progress: Progress) => KeepFailure | undefined;
  /** Hands the terminal to a shell on a machine until it ends. */
  readonly attachShell: (machine: Machine) => Promise<void>;
  /** Does work that replaces the machines by new ones. */
  readonly whileRestarting: <Result>(work: () => Promise<Result>) => Promise<Result>;
  readonly terminal: () => { readonly size: TerminalSize; readonly environment: Readonly<Record<string, string>> };
}

interface KeepFailure {
  readonly path: string;
  readonly reason: string;
}

/** Says what the kernels' answers mean. */
export interface Judge {
  readonly missingOf: (check: Check, observed: Observed) => Missing | undefined;
  readonly movements: (before: Observation, after: Observation) => readonly Movement[];
}
