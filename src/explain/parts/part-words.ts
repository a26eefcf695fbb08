import type { Paint } from '../../output/paint.js';
import { indent, wrapped } from '../../output/wrap.js';
import { quoteCommand } from '../../script/quote.js';
import { countText, someText } from '../../text.js';
import type { ExplainedRule, Owner, PartState, PerhapsKnown } from './part.js';

const stateTexts: Readonly<Record<PartState, string>> = {
  'in sync': 'as it should be',
  missing: 'missing',
  different: 'not as it should be',
  'left over': 'left over, no Service needs it',
  'not needed': 'not needed on this node',
  foreign: 'not of kproxy',
  desired: 'as it should be (the node was not read)',
};

const stateColors: Readonly<Record<PartState, keyof Paint>> = {
  'in sync': 'green',
  missing: 'red',
  different: 'red',
  'left over': 'yellow',
  'not needed': 'dim',
  foreign: 'dim',
  desired: 'green',
};

/** Returns who a part that is not kproxy's belongs to: `probably of Docker`. */
function ownerText(owner: Owner): string {
  if (owner.software !== undefined) return `probably of ${owner.software}`;
  return owner.is === 'kernel' ? 'of the kernel' : `of ${owner.is === 'kproxy' ? 'kproxy' : 'other software'}`;
}

export const stateText = (state: PartState, owner: Owner): string =>
  state === 'foreign' ? ownerText(owner) : stateTexts[state];

/** Returns the first line of a part: its name, and whether it is as it should be. */
export const title = (what: string, state: PartState, text: string, paint: Paint): string =>
  `${paint.bold(what)}: ${paint[stateColors[state]](text)}`;

export const paragraphLines = (text: string, blanks = 2): readonly string[] => wrapped(text, indent(blanks));

/** Returns what is known of a part: what it is for, what goes wrong without it, and who needs it. */
export const knowledgeLines = ({ purpose, without, neededBy }: PerhapsKnown): readonly string[] => [
  ...(purpose === undefined ? [] : paragraphLines(purpose)),
  ...(without === undefined ? [] : paragraphLines(without)),
  ...(neededBy === undefined ? [] : paragraphLines(`Needed by ${neededBy}.`)),
];

const mostServicePorts = 5;

export const servicePortsText = (servicePorts: readonly string[]): string => someText(servicePorts, mostServicePorts);

/** Returns the Service ports of this node that need a part. */
export const neededHere = (servicePorts: readonly string[]): readonly string[] =>
  servicePorts.length === 0 ? [] : paragraphLines(`On this node it is needed by ${servicePortsText(servicePorts)}.`);

export const differenceLines = (differences: readonly string[]): readonly string[] =>
  differences.flatMap(line => wrapped(line, indent(4, 2)));

/** The state of a rule that needs no word: the title of its chain says it. */
const silentStates: readonly PartState[] = ['in sync', 'desired'];

/** Returns a rule with its number, its sentence, its reason, its sets, and what the node has counted. */
export function ruleLines(rule: ExplainedRule, paint: Paint, isOwnChain: boolean): readonly string[] {
  const number = rule.number === undefined ? '' : String(rule.number);
  const isSilent =
    silentStates.includes(rule.state) || (rule.state === 'foreign' && !isOwnChain && rule.owner.is === 'unknown');
  return [
    ...wrapped(quoteCommand(rule.argv), { first: `  ${number.padEnd(4)}`, rest: ' '.repeat(8) }),
    ...(isSilent ? [] : [paint[stateColors[rule.state]](`      ${stateText(rule.state, rule.owner)}`)]),
    ...paragraphLines(rule.words, 6),
    ...ruleRemarks(rule, paint),
  ];
}

/** Returns the reason of a rule, its sets, and what the node has counted. */
export const ruleRemarks = ({ why, sets, packets }: ExplainedRule, paint: Paint): readonly string[] =>
  [
    ...(why === undefined ? [] : [`why: ${why}`]),
    ...sets.map(setText),
    ...(packets === undefined ? [] : [`counted: ${countText(packets, 'packet')}`]),
  ].flatMap(line => wrapped(line, indent(6, 2)).map(text => paint.dim(text)));

function setText({ name, entries, servicePorts }: ExplainedRule['sets'][number]): string {
  const size = entries === undefined ? 'missing' : countText(entries, 'entry', 'entries');
  return `set ${name}: ${size}${servicePorts.length === 0 ? '' : ` for ${servicePortsText(servicePorts)}`}`;
}
