import { quoteCommand } from '../../../script/quote.js';
import { countText, someText } from '../../../text.js';
import type { Because, Blame, RuleStep, TableStep } from '../../trace/trace.js';
import { type Markup, markup } from './markup.js';
import { signs } from './words.js';

/** More rules that do not match are only counted: a node can have thousands of other software. */
const mostOthers = 40;

/** Returns what a table did with the packet: the rules that matched with their reasons, and the others to unfold. */
export function tableOf(step: TableStep, blame: Blame | undefined): Markup {
  const matched = step.rules.filter(rule => rule.matched !== 'no');
  const others = step.rules.filter(rule => rule.matched === 'no');
  return markup`<div class="table"><h5>Table ${step.table} <span class="result">${resultText(step)}</span></h5>
${matched.length > 0 && markup`<ol class="rules">${matched.map(rule => ruleOf(rule, isBlamed(rule, blame)))}</ol>`}
${others.length > 0 && otherRules(others)}</div>`;
}

const otherRules = (rules: readonly RuleStep[]): Markup => markup`<details class="others">
<summary>${countText(rules.length, 'rule')} ${rules.length === 1 ? 'does' : 'do'} not match</summary>
<ol class="rules">${rules.slice(0, mostOthers).map(rule => ruleOf(rule, false))}</ol>
${rules.length > mostOthers && markup`<p>${rules.length - mostOthers} more are not shown.</p>`}</details>`;

function resultText({ result, policy, markBefore, markAfter, note }: TableStep): string {
  if (note !== undefined) return note;
  const mark = markBefore === markAfter ? '' : `, the mark becomes 0x${markAfter.toString(16)}`;
  const texts: Readonly<Record<TableStep['result'], string>> = {
    accept: 'accepts the packet',
    policy: policy === undefined ? 'lets the packet pass' : `the policy is ${policy}`,
    drop: policy === 'DROP' ? 'the policy DROP drops the packet' : 'drops the packet',
    reject: 'rejects the packet',
    translate: 'changes an address',
    uncertain: 'is not certain',
  };
  return texts[result] + mark;
}

const isBlamed = ({ family, table, chain, number }: RuleStep, blame: Blame | undefined): boolean =>
  blame?.part === 'rule' &&
  blame.family === family &&
  blame.table === table &&
  blame.chain === chain &&
  blame.number === number;

function ruleOf(rule: RuleStep, isCulprit: boolean): Markup {
  const { chain, number, depth, argv, matched, effect, packets, why } = rule;
  return markup`<li class="rule d${Math.min(depth, 5)} ${isCulprit && 'culprit'}">
<span class="place">${chain} ${number}</span>
${isCulprit && markup`<strong class="bad">${signs.refused} ends the way here</strong>`}
<code>${quoteCommand(argv)}</code>
${matched === 'maybe' && markup`<p>It is not certain that this rule matches.</p>`}
${rule.failed !== undefined && markup`<p>Does not match: <code>${rule.failed}</code></p>`}
${rule.because !== undefined && markup`<p>${becauseText(rule.because)}</p>`}
${effect !== undefined && matched !== 'no' && markup`<p class="effect">${effect}</p>`}
${why !== undefined && whyOf(why)}
${packets !== undefined && markup`<p class="count">${countText(packets, 'packet')} so far</p>`}</li>`;
}

const whyOf = ({ why, servicePorts }: NonNullable<RuleStep['why']>): Markup => markup`<p class="why">${why}
${servicePorts.length > 0 && `Needed by ${someText(servicePorts, mostNamed)}.`}</p>`;

const mostNamed = 5;

/** Returns the evidence for a match, or against it, as sentences. */
function becauseText({ set, entry, looked, near, text }: Because): string {
  const found = entry === undefined ? undefined : set === undefined ? entry : `${set} has ${entry}`;
  const missing =
    entry !== undefined || looked === undefined ? undefined : set === undefined ? looked : `${set} has no ${looked}`;
  const almost = near === undefined ? undefined : `almost: ${near}`;
  return [found, missing, almost, text].filter(one => one !== undefined).join('; ');
}
