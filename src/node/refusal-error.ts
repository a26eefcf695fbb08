import { KproxyError } from '../errors.js';
import { subjectOf } from './change.js';
import { kindOf } from './kinds/index.js';
import type { Refusal } from './refusal.js';

/**
 * Builds the error for a refused change that cannot be left out.
 * @param clause what follows the element in the message
 * @param more evidence beside the tool's word
 */
export const refusalError = ({ change, word }: Refusal, clause: string, ...more: readonly string[]): KproxyError =>
  new KproxyError({
    code: 'apply-failed',
    message: `the node refuses ${kindOf(subjectOf(change)).describe(subjectOf(change))}${clause}`,
    evidence: [word, ...more].join('\n'),
    advice: 'What was done stays. Correct the cause and run the command again: it goes on from there.',
  });
