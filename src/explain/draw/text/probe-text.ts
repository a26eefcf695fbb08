import type { Paint } from '../../../output/paint.js';
import { wrapped } from '../../../output/wrap.js';
import type { Flow } from '../../explanation.js';

/** Returns what the probe of a flow got, loudly if it is something else than explained. Nothing without a probe. */
export function probeLines({ probe, verdict }: Flow, who: string, paint: Paint): readonly string[] {
  if (probe === undefined) return [];
  const margins = { first: '', rest: '  ' };
  if (probe.agrees && probe.verdict === 'unknown') return wrapped(`Probe of ${who}: ${probe.text}.`, margins);
  if (probe.agrees) return wrapped(`Probe of ${who}: ${probe.text}, as explained.`, margins);
  return wrapped(
    `THE PROBE DISAGREES for ${who}: explained as ${verdict}, the probe got ${probe.verdict} (${probe.text}).`,
    margins,
  ).map(line => paint.bold(paint.red(line)));
}
