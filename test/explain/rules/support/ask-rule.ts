import type { DatapathIndex } from '../../../../src/explain/datapath/datapath-index.js';
import { parseRule } from '../../../../src/explain/rules/parse-rule.js';
import { type RuleAnswer, testRule } from '../../../../src/explain/rules/table/test-rule.js';
import type { Packet } from '../../../../src/explain/trace/packet.js';
import { splitRule } from '../../../../src/node/tools/iptables-save.js';
import { sampleNode, samplePacket } from './sample-node.js';

/** Asks a rule, given as a line, about the sample packet with changes. */
export const askRule = (line: string, changes: Partial<Packet> = {}, node: DatapathIndex = sampleNode()): RuleAnswer =>
  testRule(parseRule(splitRule(line)), samplePacket(changes), node);

/** Returns whether a rule fits: `yes`, `no`, `maybe`, or `unknown` if kproxy does not understand it. */
export function fits(line: string, changes: Partial<Packet> = {}, node: DatapathIndex = sampleNode()): string {
  const { answer } = askRule(line, changes, node);
  return answer.is === 'maybe' && answer.isUnknown ? 'unknown' : answer.is;
}
