import { type Change, subjectOf } from '../node/change.js';
import type { Step } from '../node/command.js';
import type { Element } from '../node/element.js';
import { keyOf, kindOf } from '../node/kinds/index.js';
import type { Reason, Reasons, RuleReason } from '../node/reason.js';
import { reasonsOf } from '../node/reasons-of.js';
import { someText } from '../text.js';
import { header, type ScriptOptions } from './header.js';
import { commentLine } from './quote.js';
import { type Block, blocksOf } from './script-blocks.js';
import { stepText } from './step-text.js';

/** Tells what a script has beyond the tutorial. */
interface Tutorial {
  isBeyond(element: Element): boolean;
  isRuleBeyond(element: Element, index: number): boolean;
}

export interface StepsScriptOptions extends ScriptOptions {
  readonly reasons: Reasons;
  /** Returns the Service ports with entries in a set, for the rules that look it up. */
  readonly servicePortsOf: (set: string) => readonly string[];
  /** Marks what the tutorial does not have. Undefined leaves out all marks. */
  readonly tutorial: Tutorial | undefined;
}

/** Stands before the reason of what the tutorial does not have. */
const beyondMark = '[+]';
const legend = `${beyondMark} marks what the tutorial profile does not have.`;

/** Returns a plan as one command a line, in the tutorial's order and form, each with its reason above it. */
export function stepsScript(plan: readonly Change[], options: StepsScriptOptions): string {
  const removalTitle = options.purpose === 'cleanup' ? 'What was programmed' : undefined;
  const blocks = blocksOf(plan, options.reasons, removalTitle).map(block => blockText(block, options));
  const notes = options.tutorial === undefined ? [] : [legend];
  return `${[header(plan, options, notes), ...blocks].join('\n\n')}\n`;
}

const blockText = ({ title, changes }: Block, options: StepsScriptOptions): string =>
  [commentLine(`== ${title}`), ...changes.flatMap(change => ['', ...changeText(change, options)])].join('\n');

const changeText = (change: Change, options: StepsScriptOptions): readonly string[] => [
  ...reasonText(change, options),
  ...kindOf(subjectOf(change))
    .steps(change)
    .flatMap(step => [...ruleText(step, change, options), stepText(step, options)]),
];

function reasonText(change: Change, { purpose, reasons, tutorial }: StepsScriptOptions): readonly string[] {
  const subject = subjectOf(change);
  const kind = kindOf(subject);
  if (change.verb === 'remove')
    return [commentLine(`${kind.describe(subject)}${purpose === 'cleanup' ? '' : ': no Service needs it.'}`)];
  // Each added jump has a reason of its own.
  if (subject.kind === 'jumps' && change.verb === 'add') return [];
  const mark = tutorial?.isBeyond(subject) ? `${beyondMark} ` : '';
  const present = change.verb === 'change' ? `It is present as ${kind.describe(change.before)}. ` : '';
  return [commentLine(`${mark}${present}${sentenceOf(reasonsOf(change, reasons))}`)];
}

function sentenceOf([first, ...others]: readonly Reason[]): string {
  const more = others.length === 0 ? '' : ` (${others.length} more need it too.)`;
  return `${first?.why ?? ''}${more}`;
}

/** Returns the reason of the rule that a step adds, and the first Service ports that need it. */
function ruleText({ rule }: Step, change: Change, options: StepsScriptOptions): readonly string[] {
  const subject = subjectOf(change);
  const reason = rule === undefined ? undefined : options.reasons.ofRules(keyOf(subject))[rule];
  if (rule === undefined || reason === undefined) return [];
  const mark = options.tutorial?.isRuleBeyond(subject, rule) ? `${beyondMark} ` : '';
  return [commentLine(`${mark}${reason.why}`), ...neededBy(reason, options)];
}

function neededBy({ sets }: RuleReason, { servicePortsOf }: StepsScriptOptions): readonly string[] {
  const servicePorts = [...new Set(sets.flatMap(servicePortsOf))];
  if (servicePorts.length === 0) return [];
  return [commentLine(`for ${someText(servicePorts)}`)];
}
