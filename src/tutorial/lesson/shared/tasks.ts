import type { Check } from '../../checks/check.js';
import type { Machine, Worker } from '../../machines.js';
import type { Task } from '../step.js';
import { bothAnswer, shown } from './checks.js';
import { requests, tutorialOptions } from './commands.js';

/** Lists what differs on the worker. The list must contain these texts. */
export const diff = (texts: readonly string[], options = tutorialOptions): Task => ({
  on: 'inajob',
  command: `kproxy diff ${options}`,
  exitCode: 1,
  check: shown('inajob', ...texts),
});

/** Brings the worker in sync, after which the check must pass. */
export const sync = (check: Check, options = tutorialOptions, on: Worker = 'inajob'): Task => ({
  on,
  command: `kproxy sync ${options}`,
  check,
});

/** Calls the Service until both Pods have answered. */
export const callBoth = (on: Machine): Task => ({ on, command: requests(2), check: bothAnswer(on) });

/** Writes the Endpoints object with these addresses, as the controller does. */
export const writeEndpoints = (...addresses: readonly string[]): Task => ({
  on: 'master',
  command: 'kproxy endpoints web-service',
  check: { kind: 'endpoints', name: 'web-service', addresses, port: 8080 },
});
