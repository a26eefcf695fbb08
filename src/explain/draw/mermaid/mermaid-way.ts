import type { Cause, Flow } from '../../explanation.js';
import type { Branch, End, Step, TableStep, Trace, Verdict } from '../../trace/trace.js';
import { alikeBranches } from '../alike.js';
import { blocksOf } from '../blocks.js';
import { changesOf, resultText } from '../table-words.js';
import { blameText, endsText, placeText, rulePlaceText, shareText, targetText } from '../words.js';
import { MermaidChart, type NodeColor } from './mermaid-chart.js';

export const verdictNodeColors = {
  answered: 'good',
  refused: 'failed',
  dropped: 'failed',
  unanswered: 'failed',
  unknown: 'unclear',
} as const satisfies Record<Verdict, NodeColor>;

/** Where the next node is attached, and what is beside the arrow to it. */
interface Tail {
  readonly from: string;
  readonly label?: string | undefined;
}

/** Returns the way of a flow's packet from hook to hook, with a fork for each kind of backend. */
export function wayChart(flow: Flow): string {
  const { client, target, protocol, trace, verdict, cause } = flow;
  const chart = new MermaidChart('TD');
  const from = chart.node({
    lines: [client.label, ...(client.address === undefined ? [] : [client.address])],
    shape: 'round',
  });
  const failed = drawTrace(chart, trace, { from, label: `to ${targetText(target.address, target.port, protocol)}` });
  if (cause !== undefined) {
    const note = chart.node({ lines: causeText(cause), color: verdictNodeColors[verdict] });
    for (const end of failed) chart.edge(end, note, undefined, 'note');
  }
  return chart.toString();
}

export const causeText = ({ summary, commands }: Cause): readonly string[] => [
  summary,
  ...commands.map(command => `fix: ${command}`),
];

/** Draws the steps and ends of a trace, and returns the ends that are not answered. */
function drawTrace(chart: MermaidChart, { steps, end }: Trace, start: Tail): readonly string[] {
  let tail = start;
  for (const block of blocksOf(steps)) {
    const [first] = block;
    const id = chart.node({ lines: blockText(block), ...(first.kind === 'ipvs' ? { shape: 'hexagon' } : {}) });
    chart.edge(tail.from, id, tail.label);
    tail = { from: id };
  }
  const { from } = tail;
  if (end.kind === 'end') return drawEnd(chart, end, tail);
  return alikeBranches(end.branches).flatMap(group =>
    drawTrace(chart, group[0].trace, { from, label: branchText(group) }),
  );
}

function drawEnd(chart: MermaidChart, end: End, { from, label }: Tail): readonly string[] {
  const { verdict, clientSees, blame } = end;
  const color = verdictNodeColors[verdict];
  const by = blame === undefined ? [] : [blame.part === 'rule' ? rulePlaceText(blame) : blameText(blame)];
  const id = chart.node({ lines: [verdict, clientSees, ...by], shape: 'round', color });
  chart.edge(from, id, label, color === 'failed' ? 'failed' : 'solid');
  return verdict === 'answered' ? [] : [id];
}

function branchText(group: readonly [Branch, ...Branch[]]): string {
  const [{ label, share, backend }, ...others] = group;
  return [
    label,
    ...(backend === undefined ? [] : [placeText(backend.place)]),
    ...(share === undefined ? [] : [`${shareText(share)}`]),
    ...(others.length === 0 ? [] : [`and ${others.length} more alike`]),
  ].join(', ');
}

const blockText = (block: readonly [Step, ...Step[]]): readonly string[] => {
  const [first] = block;
  if (first.kind === 'table')
    return [
      first.hook,
      endsText(first.before),
      ...block.flatMap(step => (step.kind === 'table' ? tableText(step) : [])),
    ];
  if (first.kind === 'ipvs') return ['IPVS', endsText(first.before), first.text];
  if (first.kind === 'conntrack') return ['conntrack', endsText(first.before), first.text];
  if (first.kind === 'routing') return ['routing', first.text];
  if (first.kind === 'delivery') return [first.text];
  return [first.way === 'there' ? 'packet' : 'answer', endsText(first.ends), first.text];
};

/** The table's result, with the last rule that matched: the one that decided, unless the policy did. */
function tableText(step: TableStep): readonly string[] {
  const last = step.policy === undefined ? step.rules.findLast(({ matched }) => matched !== 'no') : undefined;
  const by = last === undefined ? '' : ` by ${last.chain} ${last.number}`;
  return [[`${step.table}: ${resultText(step)}${by}`, ...changesOf(step)].join(', ')];
}
