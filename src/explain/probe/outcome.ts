import { type Table, table } from '../../table.js';
import type { Flow, ProbeResult } from '../explanation.js';
import type { Verdict } from '../trace/trace.js';

/** What became of one packet: `answered`, `timeout`, or the name of an error: `ECONNREFUSED`. */
export type ProbeOutcome = string;

const texts: Table<string> = table({
  answered: 'answered',
  timeout: 'no answer',
  ECONNREFUSED: 'Connection refused',
  EHOSTUNREACH: 'No route to host',
  ENETUNREACH: 'Network is unreachable',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  ECONNRESET: 'Connection reset by peer',
});

/** Errors by which a router, the kernel or a rule says that the packet goes no further. */
const unreachable: ReadonlySet<string> = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EACCES', 'EPERM']);
const refusals: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET']);

/** The verdicts that an outcome may have. A drop and a missing answer look alike to the client. */
function verdictsOf(outcome: ProbeOutcome): readonly Verdict[] {
  if (outcome === 'answered') return ['answered'];
  if (refusals.has(outcome)) return ['refused'];
  if (unreachable.has(outcome)) return ['unanswered', 'refused', 'dropped'];
  return ['unanswered', 'dropped'];
}

const worstFirst: readonly Verdict[] = ['dropped', 'unanswered', 'refused', 'unknown', 'answered'];

/**
 * Compares what became of packets with what was explained. Each outcome must be that of some backend, and all must be
 * answered if all backends answer. Silence says nothing in UDP, unless a refusal was expected.
 */
export function compare(
  { verdict, backends, protocol }: Pick<Flow, 'verdict' | 'backends' | 'protocol'>,
  outcomes: readonly ProbeOutcome[],
  seconds: number,
): ProbeResult {
  const explained = new Set<Verdict>([verdict, ...backends.map(backend => backend.verdict)]);
  const isSilent = (outcome: ProbeOutcome) => protocol === 'UDP' && outcome === 'timeout';
  const agrees = (outcome: ProbeOutcome) =>
    explained.has('unknown') ||
    (isSilent(outcome)
      ? explained.size > 1 || verdict !== 'refused'
      : verdictsOf(outcome).some(one => explained.has(one)));
  const worst = [...outcomes].sort((one, other) => rank(one) - rank(other))[0] ?? 'timeout';
  return {
    verdict: isSilent(worst) ? 'unknown' : (verdictsOf(worst)[0] ?? 'unknown'),
    text: isSilent(worst) ? `no answer within ${seconds} s, which proves nothing in UDP` : textOf(worst, seconds),
    agrees: outcomes.every(agrees),
  };
}

const rank = (outcome: ProbeOutcome): number => worstFirst.indexOf(verdictsOf(outcome)[0] ?? 'unknown');

const textOf = (outcome: ProbeOutcome, seconds: number): string =>
  outcome === 'timeout' ? `no answer within ${seconds} s` : (texts[outcome] ?? outcome);

/** Returns the result for a client from which nothing can be sent. */
export const notProbed = (why: string): ProbeResult => ({
  verdict: 'unknown',
  text: `not probed: ${why}`,
  agrees: true,
});
