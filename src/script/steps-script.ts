import { type Change, subjectOf } from '../node/change.js';
import type { Step } from '../node/command.js';
import { type Element, serviceKinds } from '../node/element.js';
import { kindOf } from '../node/kinds/index.js';
import { isRemaking } from '../node/kinds/ipset.js';
import { stoodInFor } from '../node/names.js';
import { header, type ScriptOptions } from './header.js';
import { commentLines } from './quote.js';
import { stepText } from './step-text.js';

interface Section {
  readonly title: string;
  readonly kinds: readonly Element['kind'][];
}

/** The chapter's order: sets, rules, the node's own settings, then Service by Service. */
const sections: readonly Section[] = [
  { title: 'Sets: the rules look Services up here, so that they stay as few as they are', kinds: ['set'] },
  { title: 'Rules: what must be masqueraded, let through or refused', kinds: ['chain', 'jumps'] },
  { title: 'The node itself', kinds: ['module', 'sysctl', 'link'] },
];

/** Says of an element whether the chapter has it too. */
export type IsInChapter = (element: Element) => boolean;

export interface StepsScriptOptions extends ScriptOptions {
  /** Undefined where the whole script is the chapter's. */
  readonly isInChapter: IsInChapter | undefined;
  /** The Service ports that have entries in a set, for the rules that look it up. */
  readonly servicePortsOf: (set: string) => readonly string[];
}

/** The plan as one command a line, in the chapter's order and form, each with its reason above it. */
export function stepsScript(plan: readonly Change[], options: StepsScriptOptions): string {
  const blocks = blocksOf(plan).map(block => blockText(block, options));
  return `${[header(plan, options), ...blocks].join('\n\n')}\n`;
}

interface Block {
  readonly title: string;
  readonly changes: readonly Change[];
}

/** The plan in the order in which the script makes its changes, under the script's headings. */
export function blocksOf(plan: readonly Change[]): readonly Block[] {
  const { first, coming, going } = parts(plan);
  const all = [
    { title: 'Sets that must be made anew, and others that stand in for them meanwhile', changes: first },
    ...sections.map(({ title, kinds }) => ({ title, changes: tableByTable(ofKinds(coming, kinds)) })),
    ...byServicePort(ofKinds(coming, serviceKinds)).map(([servicePort, changes]) => ({
      title: servicePort === undefined ? 'Connections that are let run out' : `Service port ${servicePort}`,
      changes,
    })),
    { title: 'What nobody asks for any more', changes: going },
  ];
  return all.filter(({ changes }) => changes.length > 0);
}

/**
 * Sets that rules name are made anew before all else, with everything that this takes: the rules must not name such a set again before it is full,
 * which the order of kinds would make them do.
 */
function parts(plan: readonly Change[]) {
  const isFirst = remakingNamedSets(plan);
  const others = plan.filter(change => !isFirst(change));
  return {
    first: plan.filter(isFirst),
    coming: others.filter(change => change.verb !== 'remove'),
    going: others.filter(change => change.verb === 'remove'),
  };
}

function remakingNamedSets(plan: readonly Change[]): (change: Change) => boolean {
  const firstRemade = plan.findIndex(isOwnRemaking);
  const renaming = plan.slice(0, Math.max(firstRemade, 0)).filter(change => subjectOf(change).kind === 'chain');
  if (renaming.length === 0) return () => false;
  const remade = new Set(plan.filter(isOwnRemaking).map(change => setOf(subjectOf(change))));
  return change => {
    const set = setOf(subjectOf(change)) ?? '';
    if (change.verb === 'remove') return change.before.kind === 'entry' && stoodInFor(set) !== undefined;
    return renaming.includes(change) || remade.has(set) || stoodInFor(set) !== undefined;
  };
}

const setOf = (element: Element): string | undefined =>
  element.kind === 'entry' ? element.set : element.kind === 'set' ? element.name : undefined;

/** A stand-in that an interrupted run has left may have to be made anew too. */
const isOwnRemaking = (change: Change): boolean => isRemaking(change) && stoodInFor(change.after.name) === undefined;

const ofKinds = (changes: readonly Change[], kinds: readonly Element['kind'][]): readonly Change[] =>
  changes.filter(change => kinds.includes(subjectOf(change).kind));

/** Chains and the jumps to them belong together, as the chapter has them: first those of nat, then those of filter. */
const tableByTable = (changes: readonly Change[]): readonly Change[] =>
  changes
    .map(change => ({ change, table: tableOf(subjectOf(change)) }))
    .sort((one, other) => (one.table < other.table ? -1 : one.table > other.table ? 1 : 0))
    .map(({ change }) => change);

const tableOf = (element: Element): string =>
  element.kind === 'chain' || element.kind === 'jumps'
    ? `${element.family} ${element.table === 'nat' ? 'before' : 'then'}`
    : '';

function byServicePort(changes: readonly Change[]): readonly (readonly [string | undefined, readonly Change[]])[] {
  const groups = new Map<string | undefined, Change[]>();
  for (const change of changes) {
    const servicePort = change.reasons[0]?.servicePort;
    groups.set(servicePort, [...(groups.get(servicePort) ?? []), change]);
  }
  return [...groups];
}

const blockText = ({ title, changes }: Block, options: StepsScriptOptions): string =>
  [...commentLines(`== ${title}`), ...changes.flatMap(change => ['', ...changeText(change, options)])].join('\n');

function changeText(change: Change, options: StepsScriptOptions): readonly string[] {
  const subject = subjectOf(change);
  return [
    ...reasonText(change, options),
    ...kindOf(subject)
      .steps(change)
      .flatMap(step => [...stepReason(step, options), stepText(step, options)]),
  ];
}

const stepReason = (step: Step, options: StepsScriptOptions): readonly string[] => [
  ...whyText(step, options),
  ...neededBy(step, options),
];

/** Names the first Service ports that a rule is there for. */
function neededBy({ sets = [] }: Step, { servicePortsOf }: StepsScriptOptions): readonly string[] {
  const servicePorts = [...new Set(sets.flatMap(servicePortsOf))];
  if (servicePorts.length === 0) return [];
  const more = servicePorts.length > 3 ? ` and ${servicePorts.length - 3} more` : '';
  return commentLines(`for ${servicePorts.slice(0, 3).join(', ')}${more}`);
}

const whyText = ({ why, beyondChapter }: Step, { isInChapter }: StepsScriptOptions): readonly string[] =>
  why === undefined
    ? []
    : commentLines(`${beyondChapter && isInChapter !== undefined ? 'Beyond the chapter: ' : ''}${why}`);

function reasonText(change: Change, { isInChapter }: StepsScriptOptions): readonly string[] {
  const subject = subjectOf(change);
  if (change.verb === 'remove') return commentLines(`${kindOf(subject).describe(subject)}: no Service asks for it`);
  // A jump's reason stands with its rule.
  if (subject.kind === 'jumps' && change.verb === 'add') return [];
  const others = change.reasons.length > 1 ? ` (and ${change.reasons.length - 1} more ask for it)` : '';
  const beyond = isInChapter === undefined || isInChapter(subject) ? '' : 'Beyond the chapter. ';
  const was = change.verb === 'change' ? `It is there as ${kindOf(subject).describe(change.before)}. ` : '';
  return commentLines(
    `${beyond}${was}${subject.kind === 'chain' ? `${subject.name} ` : 'Without it '}${change.reasons[0]?.why ?? ''}${others}`,
  );
}
