import { indent, wrapped } from '../../../output/wrap.js';
import { quoteCommand } from '../../../script/quote.js';
import { countText, someText } from '../../../text.js';
import type { Because, RuleStep } from '../../trace/trace.js';
import { colored, type Style } from './style.js';

const mostServicePorts = 3;

/**
 * Returns the lines of a rule that was asked: its place and words, indented by the jumps before it, the evidence, what
 * it did, and the reason for it.
 */
export function ruleLines(rule: RuleStep, style: Style): readonly string[] {
  const blanks = 4 + 2 * rule.depth;
  const counted = style.isDetailed && rule.packets !== undefined ? ` (${countText(rule.packets, 'packet')})` : '';
  const doubt = rule.matched === 'maybe' ? 'perhaps ' : '';
  const words = quoteCommand(rule.argv);
  const text = `${doubt}${rule.chain} ${rule.number}${counted}: ${words}`;
  if (rule.matched === 'no') return missedLines(rule, text, blanks, style);
  return [
    ...wrapped(text, indent(blanks, 4), style.width),
    ...evidence(rule.because).flatMap(line => wrapped(`because: ${line}`, indent(blanks + 4, 2), style.width)),
    ...(rule.effect === undefined ? [] : colored(`=> ${rule.effect}`, indent(blanks + 4, 3), style, 'cyan')),
    ...(rule.why === undefined ? [] : colored(`why: ${whyText(rule.why)}`, indent(blanks + 4, 2), style, 'dim')),
  ];
}

function missedLines(rule: RuleStep, text: string, blanks: number, style: Style): readonly string[] {
  const reasons = [...(rule.failed === undefined ? [] : [`does not match: ${rule.failed}`]), ...missing(rule.because)];
  return [
    ...colored(text, indent(blanks, 4), style, 'dim'),
    ...reasons.flatMap(line => colored(line, indent(blanks + 4, 2), style, 'dim')),
  ];
}

/** Returns what made a rule match, if its words do not say it. */
function evidence(because: Because | undefined): readonly string[] {
  if (because === undefined) return [];
  const { set, entry, text } = because;
  return [
    ...(set !== undefined && entry !== undefined ? [`${set} has ${entry}`] : []),
    ...(text === undefined ? [] : [text]),
  ];
}

function missing(because: Because | undefined): readonly string[] {
  if (because === undefined) return [];
  const { set, entry, looked, near, text } = because;
  return [
    ...(set !== undefined && entry !== undefined ? [`${set} has ${entry}`] : []),
    ...(set !== undefined && looked !== undefined && entry === undefined ? [`${set} does not have ${looked}`] : []),
    ...(near === undefined ? [] : [`near miss: ${set ?? 'it'} has ${near}`]),
    ...(text === undefined ? [] : [text]),
  ];
}

/** Returns the sentence with the Service ports that need the rule. */
const whyText = ({ why, servicePorts }: NonNullable<RuleStep['why']>): string =>
  servicePorts.length === 0 ? why : `${why} (for ${someText(servicePorts, mostServicePorts)})`;
