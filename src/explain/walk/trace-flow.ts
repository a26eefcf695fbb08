import type { DatapathIndex } from '../datapath/datapath-index.js';
import type { Trace } from '../trace/trace.js';
import type { Question } from './question.js';
import { type Surroundings, usualSurroundings } from './surroundings.js';
import { fromDevice } from './there/from-device.js';
import { fromProcess } from './there/from-process.js';

/** How many tables a walk passes at most. A Service with 1,000 backends has about ten for each of them. */
const mostTables = 20_000;

/**
 * Walks a client's packet through the node, and the answer back, as the kernel treats them: hooks and tables in the
 * order of their priorities, routing, IPVS and conntrack between them. Pure: the same datapath gives the same trace.
 */
export function traceFlow(
  node: DatapathIndex,
  question: Question,
  surroundings: Surroundings = usualSurroundings,
): Trace {
  const walk = { node, question, surroundings, budget: { left: mostTables } };
  const { kind, address } = question.client;
  if (kind === 'node' || address === undefined) return fromProcess(walk, address);
  return node.isLocal(address) ? fromProcess(walk, address) : fromDevice(walk, address);
}
