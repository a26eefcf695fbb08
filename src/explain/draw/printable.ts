import { visibleTexts } from '../../visible.js';
import type { Cause, Explanation, Flow } from '../explanation.js';

/**
 * Returns an explanation whose texts can be printed: names and comments from the cluster and the node may have control
 * characters. Every drawing for people begins with this, so that no part of one can forget it. The lines of a command
 * become commands of their own.
 */
export const printable = (explanation: Explanation): Explanation =>
  visibleTexts({ ...explanation, flows: explanation.flows.map(withCommandLines) });

const withCommandLines = (flow: Flow): Flow =>
  flow.cause === undefined ? flow : { ...flow, cause: { ...flow.cause, commands: linesOf(flow.cause) } };

const linesOf = ({ commands }: Cause): readonly string[] => commands.flatMap(command => command.split('\n'));
