import type { Flow } from '../../explanation.js';
import { matrixRow, type Outcome } from '../matrix-rows.js';
import { targetTitle } from '../words.js';
import { type ChartNode, MermaidChart } from './mermaid-chart.js';
import { causeText, verdictNodeColors } from './mermaid-way.js';

/** Returns a frame for each address and port, in which clients point to the backends they reach, or to the cause. */
export function matrixChart(flows: readonly Flow[]): string {
  const chart = new MermaidChart('LR');
  const frames = new Map<string, Flow[]>();
  for (const flow of flows) frames.set(targetTitle(flow), [...(frames.get(targetTitle(flow)) ?? []), flow]);
  let drawn = 0;
  for (const [title, members] of frames) {
    if (chart.isFull) break;
    chart.frame(title, () => drawFrame(chart, members));
    drawn += members.length;
  }
  if (drawn < flows.length) chart.node({ lines: [`and ${flows.length - drawn} more: ask for one address and port`] });
  return chart.toString();
}

/** Backends and causes that several clients share are one node. */
function drawFrame(chart: MermaidChart, flows: readonly Flow[]): void {
  const known = new Map<string, string>();
  const once = (node: ChartNode): string => {
    const key = JSON.stringify(node);
    const id = known.get(key) ?? chart.node(node);
    known.set(key, id);
    return id;
  };
  for (const flow of flows) {
    const { client, source, outcomes } = matrixRow(flow, undefined);
    const from = chart.node({ lines: [client, source] });
    for (const outcome of outcomes) {
      const isFailed = verdictNodeColors[outcome.verdict] === 'failed';
      chart.edge(from, once(endNode(flow, outcome)), edgeText(outcome), isFailed ? 'failed' : 'solid');
    }
  }
}

function endNode({ verdict, cause }: Flow, outcome: Outcome): ChartNode {
  const why = cause === undefined || outcome.verdict !== verdict ? [] : causeText(cause);
  const color = verdictNodeColors[outcome.verdict];
  return outcome.backend === undefined
    ? { lines: [outcome.verdict, ...why], color }
    : { lines: [outcome.backend, ...why], color, shape: why.length === 0 ? 'round' : 'box' };
}

const edgeText = ({ verdict, sees }: Outcome): string =>
  [...(verdict === 'answered' ? [] : [verdict]), ...(sees === undefined ? [] : [`sees ${sees}`])].join(', ') || verdict;
