import type { Explanation } from '../../explanation.js';
import { printable } from '../printable.js';
import { matrixChart } from './mermaid-matrix.js';
import { wayChart } from './mermaid-way.js';

/**
 * Returns a flowchart for Mermaid, which GitHub and GitLab draw in a ticket within a block of code named `mermaid`. One
 * flow is drawn hook by hook; of several, who is answered by which backend.
 */
export function explanationMermaid(explanation: Explanation): string {
  const { flows } = printable(explanation);
  const [flow] = flows;
  return flow !== undefined && flows.length === 1 ? wayChart(flow) : matrixChart(flows);
}
