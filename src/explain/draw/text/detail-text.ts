import type { Paint } from '../../../output/paint.js';
import { textWidth, wrapped } from '../../../output/wrap.js';
import type { Explanation, Flow } from '../../explanation.js';
import { type Outcome, outcomesOf } from '../matrix-rows.js';
import { printable } from '../printable.js';
import { basisText, targetTitle, verdictColors } from '../words.js';
import { causeLines } from './cause-text.js';
import { probeLines } from './probe-text.js';
import type { Style } from './style.js';
import { traceLines } from './trace-lines.js';

/**
 * Returns the way of each flow's packet in order: every hook with source and destination beside it, the rules that
 * matched, routing, IPVS, a fork for each kind of backend, and the answer's way back. The verdict is at the end, with
 * the cause of a failure. `isDetailed` also draws rules that did not match, and the node's counters.
 */
export function detailText(explanation: Explanation, isDetailed: boolean, paint: Paint): string {
  const { flows, ...rest } = printable(explanation);
  const style: Style = { paint, isDetailed, width: textWidth };
  return flows.map(flow => `${flowLines(flow, rest, style).join('\n')}\n`).join(`\n${'─'.repeat(textWidth)}\n\n`);
}

function flowLines(flow: Flow, explanation: Pick<Explanation, 'node' | 'basis'>, style: Style): readonly string[] {
  const { paint } = style;
  return [
    ...wrapped(titleOf(flow), { first: '', rest: '  ' }).map(line => paint.bold(line)),
    ...wrapped(basisText(explanation), { first: '', rest: '  ' }),
    '',
    ...traceLines(flow.trace, style),
    ...(flow.trace.end.kind === 'end' ? [] : ['', ...verdictLines(flow, paint)]),
    ...probeLines(flow, flow.client.label, paint),
    ...(flow.cause === undefined ? [] : ['', ...causeLines(flow.cause, '', [], paint)]),
  ];
}

function titleOf(flow: Flow): string {
  const { label, address } = flow.client;
  const from = address === undefined || label.includes(address) ? label : `${label}, ${address},`;
  return `From ${from} to ${targetTitle(flow)}`;
}

/** Returns the verdict, with the backends that are reached. Many that are treated alike are counted. */
function verdictLines(flow: Flow, paint: Paint): readonly string[] {
  const { verdict, clientSees } = flow;
  const outcomes = outcomesOf(flow);
  const isReached = outcomes.some(({ backend }) => backend !== undefined);
  const results = isReached ? outcomes.map(resultText).join(', ') : clientSees;
  const [first = '', ...more] = wrapped(`${verdict}: ${results}`, { first: '', rest: '  ' });
  return [first.replace(verdict, () => paint[verdictColors[verdict]](verdict)), ...more];
}

const resultText = ({ backend, sees, verdict }: Outcome): string =>
  backend === undefined
    ? `${verdict} before any backend`
    : [backend, ...(verdict === 'answered' ? [] : [verdict]), ...(sees === undefined ? [] : [`sees ${sees}`])].join(
        ' ',
      );
