import type { Branch, End, Fork, Step, Trace, Verdict } from './trace.js';

/** Returns a trace that begins with these steps. */
export const prepend = (steps: readonly Step[], trace: Trace): Trace =>
  steps.length === 0 ? trace : { steps: [...steps, ...trace.steps], end: trace.end };

export const fork = (by: Fork['by'], branches: readonly Branch[]): Trace => ({
  steps: [],
  end: { kind: 'fork', by, branches },
});

/** Returns a trace that ends at once. */
export const ended = (verdict: Verdict, clientSees: string, more: Omit<End, 'kind' | 'verdict' | 'clientSees'> = {}) =>
  ({ steps: [], end: { kind: 'end', verdict, clientSees, ...more } }) satisfies Trace;

/** Returns the end of a walk that kproxy cannot follow any further. */
export const notUnderstood = (why: string): Trace =>
  ended('unknown', 'kproxy does not know', { blame: { part: 'unknown', why } });
