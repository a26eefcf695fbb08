import type { Blame, End, Step, Trace, Verdict } from './trace.js';

/** Yields every end of a trace, in the order of its branches. */
export function* allEnds({ end }: Trace): Generator<End> {
  if (end.kind === 'end') yield end;
  else for (const { trace } of end.branches) yield* allEnds(trace);
}

/** Yields every step of a trace, in the order of its branches. */
export function* allSteps({ steps, end }: Trace): Generator<Step> {
  yield* steps;
  if (end.kind === 'fork') for (const { trace } of end.branches) yield* allSteps(trace);
}

/** An end that is not a good one, and what is to blame for it. */
export type BadEnd = End & { readonly blame: Blame };

/** Returns the first end with the verdict that something is to blame for, or else the first with any other one. */
export function badEnd(trace: Trace, verdict: Verdict): BadEnd | undefined {
  const bad = Array.from(allEnds(trace)).filter((end): end is BadEnd => end.blame !== undefined);
  return bad.find(end => end.verdict === verdict) ?? bad.find(end => end.verdict !== 'answered');
}
