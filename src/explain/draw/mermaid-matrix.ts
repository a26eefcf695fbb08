import type { Flow } from '../explanation.js';
import { matrixRow, type Outcome } from './matrix-rows.js';
import { MermaidChart } from './mermaid-chart.js';
import { causeText, verdictNodeColors } from './mermaid-way.js';
import { targetText } from './words.js';

/** GitHub draws nothing at all of a chart with more than 500 edges or 50,000 characters. */
const mostEdges = 300;

/** Returns a frame for each address and port, in which clients point to the backends that they reach, or to the cause. */
export function matrixChart(flows: readonly Flow[]): string {
  const chart = new MermaidChart('LR');
  const frames = new Map<string, Flow[]>();
  for (const flow of flows) frames.set(titleOf(flow), [...(frames.get(titleOf(flow)) ?? []), flow]);
  let drawn = 0;
  for (const [title, members] of frames) {
    if (chart.size >= mostEdges) break;
    chart.frame(title, () => drawFrame(chart, members));
    drawn += members.length;
  }
  if (drawn < flows.length) chart.node({ lines: [`and ${flows.length - drawn} more: ask for one address and port`] });
  return chart.toString();
}

function titleOf({ target: { address, port, servicePort, kind }, protocol }: Flow): string {
  const name = targetText(address, port, protocol);
  return servicePort === undefined ? name : `${name}, ${kind} of ${servicePort}`;
}

/** Backends and causes that several clients share are one node. */
function drawFrame(chart: MermaidChart, flows: readonly Flow[]): void {
  const ends = new Map<string, string>();
  const endNode = (lines: readonly string[], { verdict }: Outcome): string => {
    const key = JSON.stringify([lines, verdict]);
    const id = ends.get(key) ?? chart.node({ lines, color: verdictNodeColors[verdict], shape: 'round' });
    ends.set(key, id);
    return id;
  };
  for (const flow of flows) {
    const { client, source, outcomes } = matrixRow(flow, undefined);
    const from = chart.node({ lines: [client, source] });
    for (const outcome of outcomes) {
      const { verdict, backend, sees } = outcome;
      const cause = flow.cause === undefined || verdict !== flow.verdict ? [] : causeText(flow.cause);
      const lines = [...(backend === undefined ? [verdict] : [backend]), ...cause];
      const label = `${verdict}${sees === undefined ? '' : `, sees ${sees}`}`;
      const isFailed = verdictNodeColors[verdict] === 'failed';
      chart.edge(from, endNode(lines, outcome), label, isFailed ? 'failed' : 'solid');
    }
  }
}
